package dev.couponbook.testing;

import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.MountableFile;

/**
 * LocalStack and PostgreSQL in containers, by their official tags. A label names the process that
 * started them; if a run is killed, the next one removes what it left behind.
 */
public final class CloudContainers implements AutoCloseable {
  private static final String LOCALSTACK = "localstack/localstack:4.14.0";
  private static final String POSTGRES = "postgres:18-alpine";
  private static final String OWNER = "dev.couponbook.tests.pid";
  private static final String PASSWORD = "test";
  // Its first start on a busy machine took 20 s.
  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final long PULL_MINUTES = 5;

  private final LocalStackContainer localStack;
  private final PostgreSQLContainer postgres;

  private CloudContainers(LocalStackContainer localStack, PostgreSQLContainer postgres) {
    this.localStack = localStack;
    this.postgres = postgres;
  }

  private static final class Docker {
    private static final @Nullable String WHY_NOT = obstacle();
  }

  /** Null if containers can be started, otherwise one line that says what is missing. */
  public static @Nullable String whyNot() {
    return Docker.WHY_NOT;
  }

  // Asks Docker itself: Testcontainers' own check takes minutes if no registry answers.
  private static @Nullable String obstacle() {
    if (!succeeds(20, "docker", "version")) {
      return "No Docker daemon runs here: the stories in LocalStack are skipped.";
    }
    for (var image : List.of(LOCALSTACK, POSTGRES)) {
      if (!succeeds(20, "docker", "image", "inspect", image)
          && !succeeds(PULL_MINUTES * 60, "docker", "pull", "--quiet", image)) {
        return image + " is not there and cannot be pulled: the stories in LocalStack are skipped.";
      }
    }
    return null;
  }

  private static boolean succeeds(long seconds, String... command) {
    try {
      var process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor(seconds, TimeUnit.SECONDS)) {
        return process.exitValue() == 0;
      }
      process.destroy();
      return false;
    } catch (IOException notInstalled) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * @param scripts a folder with the scripts that LocalStack runs when it is ready
   */
  public static CloudContainers start(Path scripts) {
    removeLeftovers(DockerClientFactory.instance().client());
    var owner = Map.of(OWNER, Long.toString(ProcessHandle.current().pid()));
    var localStack =
        new LocalStackContainer(LOCALSTACK)
            .withServices("sqs", "s3", "events", "sts")
            .withEnv("S3_SKIP_SIGNATURE_VALIDATION", "0")
            .withEnv("AWS_DEFAULT_REGION", "eu-central-1")
            .withEnv("DISABLE_EVENTS", "1")
            .withCopyFileToContainer(
                MountableFile.forHostPath(scripts), "/etc/localstack/init/ready.d")
            .withLabels(owner)
            .withStartupTimeout(START_LIMIT);
    var postgres =
        new PostgreSQLContainer(POSTGRES)
            .withUsername("postgres")
            .withPassword(PASSWORD)
            .withLabels(owner)
            .withStartupTimeout(START_LIMIT);
    var containers = new CloudContainers(localStack, postgres);
    try {
      localStack.start();
      postgres.start();
      return containers;
    } catch (RuntimeException e) {
      containers.close();
      throw e;
    }
  }

  // Testcontainers' own cleaner does this too, if it is allowed to run.
  private static void removeLeftovers(DockerClient docker) {
    var left = new ArrayList<String>();
    for (var container :
        docker.listContainersCmd().withShowAll(true).withLabelFilter(List.of(OWNER)).exec()) {
      long pid = Long.parseLong(container.getLabels().get(OWNER));
      if (ProcessHandle.of(pid).isEmpty()) {
        left.add(container.getId());
      }
    }
    left.forEach(
        id -> docker.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec());
  }

  /** LocalStack's only address. */
  public String endpoint() {
    return localStack.getEndpoint().toString();
  }

  /** The database server with its superuser, as {@code ./coupons up --database} wants it. */
  public String database() {
    return "postgresql://postgres:%s@%s:%d"
        .formatted(PASSWORD, postgres.getHost(), postgres.getMappedPort(5432));
  }

  @Override
  public void close() {
    postgres.stop();
    localStack.stop();
  }
}
