package dev.couponbook.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.testing.CloudContainers;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives each story the home and, if it asks for one, a partner of its own; checks the invariants
 * after every test. JUnit finds it by itself, so that no story can leave it out.
 */
public final class HomeExtension
    implements ExecutionCondition, BeforeAllCallback, AfterEachCallback, ParameterResolver {
  private static final Namespace OURS = Namespace.create(HomeExtension.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    var only =
        context.getElement().flatMap(e -> AnnotationSupport.findAnnotation(e, PlaysIn.class));
    if (only.isPresent() && only.get().value() != Home.kind()) {
      return ConditionEvaluationResult.disabled(only.get().because());
    }
    if (Home.kind() == HomeKind.LOCALSTACK && CloudContainers.whyNot() != null) {
      return ConditionEvaluationResult.disabled(CloudContainers.whyNot());
    }
    return ConditionEvaluationResult.enabled("plays in " + Home.kind());
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    home(context);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    var home = home(context);
    for (var program : Home.PROGRAMS) {
      assertThat(home.isAlive(program)).as("%s still runs", program).isTrue();
    }
    assertThat(home.newViolations()).as("broken invariants").isEmpty();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return type == Home.class || type == Partner.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var home = home(context);
    return parameter.getParameter().getType() == Home.class
        ? home
        : home.partner(partnerName(context));
  }

  private static String partnerName(ExtensionContext context) {
    return context.getRequiredTestClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
  }

  // The root's store is closed when the run ends, also after failures.
  private static Home home(ExtensionContext context) {
    var name = hasOwnHome(context) ? "-" + context.getRequiredTestClass().getSimpleName() : "";
    return context
        .getRoot()
        .getStore(OURS)
        .computeIfAbsent("home" + name, _ -> Home.start(name), Home.class);
  }

  private static boolean hasOwnHome(ExtensionContext context) {
    return Home.kind() == HomeKind.EMBEDDED
        && context.getRequiredTestClass().isAnnotationPresent(OwnHome.class);
  }
}
