package dev.couponbook.local;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Turns the known differences into rows of a table: {@code target/conformance.md}, expectation by
 * cloud.
 */
final class ConformanceTable implements InvocationInterceptor, AfterAllCallback {
  private static final Path FILE = Path.of("target", "conformance.md");
  private static final Map<String, Map<Cloud, String>> ROWS = new TreeMap<>();

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    var cloud = ((ConformanceTest) context.getRequiredTestInstance()).cloud;
    var difference =
        List.of(method.getExecutable().getAnnotationsByType(Differs.class)).stream()
            .filter(d -> d.in() == cloud)
            .findFirst();
    if (difference.isEmpty()) {
      note(method, cloud, "**broken**");
      invocation.proceed();
      note(method, cloud, "yes");
      return;
    }
    try {
      invocation.proceed();
    } catch (Throwable expected) {
      note(method, cloud, "no: " + difference.get().how());
      return;
    }
    note(method, cloud, "**yes, though listed as a difference**");
    throw new AssertionError(
        cloud + " meets this now: remove its @Differs and its line in docs/homes.md");
  }

  private static void note(
      ReflectiveInvocationContext<Method> method, Cloud cloud, String verdict) {
    ROWS.computeIfAbsent(
            method.getExecutable().getName().replace('_', ' '), _ -> new EnumMap<>(Cloud.class))
        .put(cloud, verdict);
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    var lines = new ArrayList<String>();
    lines.add("| expectation | embedded | LocalStack | AWS |");
    lines.add("| --- | --- | --- | --- |");
    ROWS.forEach((expectation, verdicts) -> {
      var line = new StringBuilder("| ").append(expectation);
      for (var cloud : Cloud.values()) {
        line.append(" | ").append(verdicts.getOrDefault(cloud, "not asked"));
      }
      lines.add(line.append(" |").toString());
    });
    Files.write(FILE, lines);
  }
}
