package dev.couponbook.edge.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.couponbook.edge.EdgeContext;
import dev.couponbook.edge.database.PoolSize;
import dev.couponbook.edge.request.SubmitCommand;
import dev.couponbook.edge.running.RunningSettings;
import dev.couponbook.program.Environment;
import dev.couponbook.program.NameLookups;
import java.util.Map;

/**
 * The edge as a function of AWS Lambda, behind an HTTP API of API Gateway (payload format 2.0).
 *
 * <p>The constructor makes its parts and runs them once, but opens nothing: a snapshot (SnapStart)
 * holds no connection, key or credential, so none has to be closed before it or renewed after it.
 * Random numbers come from {@code SecureRandom}, which copies of a snapshot do not share.
 */
public final class HttpApiFunction
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>, AutoCloseable {
  private final HttpApiHandler handler;

  /**
   * For Lambda, with the settings of the environment.
   *
   * @throws Environment.BadSettingException if a setting is missing or cannot be
   */
  public HttpApiFunction() {
    NameLookups.forgetSoon();
    this(System.getenv());
  }

  HttpApiFunction(Map<String, String> variables) {
    var environment = new Environment(variables);
    var context =
        EdgeContext.builder(environment)
            .singletons(RunningSettings.withoutMetrics(environment), PoolSize.FUNCTION)
            .start();
    handler = new HttpApiHandler(context);
    context.getBean(SubmitCommand.class); // and with it everything that a command needs
    WarmUp.requests().forEach(this::answer);
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context lambda) {
    return answer(event);
  }

  private APIGatewayV2HTTPResponse answer(APIGatewayV2HTTPEvent event) {
    return handler
        .exchange(event, new APIGatewayV2HTTPResponse())
        .getResponse()
        .getNativeResponse();
  }

  @Override
  public void close() {
    handler.close();
  }
}
