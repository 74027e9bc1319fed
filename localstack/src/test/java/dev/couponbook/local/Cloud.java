package dev.couponbook.local;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.couponbook.json.Json;
import dev.couponbook.testing.CloudContainers;
import dev.couponbook.testing.Effort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The clouds, of all of which the same is expected. */
enum Cloud {
  EMBEDDED {
    @Override
    Running start(Path folder, Resources resources) {
      var directory = new HomeDirectory(folder.resolve("home"));
      var home = LocalHome.start(directory, HomeTerms.embedded(FreePorts.base()), resources);
      return new Running(new CloudClients(HomeFile.read(directory).orElseThrow()), home);
    }
  },

  LOCALSTACK {
    @Override
    Running start(Path folder, Resources resources) throws IOException {
      assumeTrue(Effort.of(false, true, true), "LocalStack only in the full build");
      var whyNot = CloudContainers.whyNot();
      assumeTrue(whyNot == null, whyNot);
      var script = "make-resources.py";
      Files.copy(Path.of("ready.d", script), folder.resolve(script));
      Files.writeString(
          folder.resolve("resources.json"), Json.mapper().writeValueAsString(resources));
      var containers = CloudContainers.start(folder);
      var file =
          new HomeFile(
              Ports.DEFAULT_BASE,
              HomeKind.LOCALSTACK,
              containers.endpoint(),
              containers.database(),
              resources.region(),
              "test",
              "test",
              "",
              Map.of());
      return new Running(new CloudClients(file), containers);
    }
  },

  /**
   * Only with {@code -Dcouponbook.conformance=aws}, after {@code make-resources.py} has run there.
   */
  AWS {
    @Override
    Running start(Path folder, Resources resources) {
      assumeTrue(
          "aws".equals(System.getProperty("couponbook.conformance")),
          "AWS itself only with -Dcouponbook.conformance=aws");
      return new Running(new CloudClients(), () -> {});
    }
  };

  /** A cloud that runs, and its clients. */
  record Running(CloudClients clients, AutoCloseable cloud) implements AutoCloseable {
    @Override
    public void close() throws Exception {
      clients.close();
      cloud.close();
    }
  }

  abstract Running start(Path folder, Resources resources) throws IOException;

  /** The project's list, and queues that the suite has to itself, with short times. */
  static Resources resources() {
    var ours = Resources.load();
    var theirs = read(Path.of("src/test/resources/conformance.json"));
    return new Resources(
        ours.region(),
        both(ours.queues(), theirs.queues()),
        both(ours.buckets(), theirs.buckets()),
        both(ours.schedules(), theirs.schedules()));
  }

  private static Resources read(Path file) {
    try {
      return Json.mapper().readValue(Files.readString(file), Resources.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> List<T> both(@Nullable List<T> some, @Nullable List<T> others) {
    var all = new ArrayList<T>();
    all.addAll(some == null ? List.of() : some);
    all.addAll(others == null ? List.of() : others);
    return all;
  }
}
