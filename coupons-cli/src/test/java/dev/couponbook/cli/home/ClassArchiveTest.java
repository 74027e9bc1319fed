package dev.couponbook.cli.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
  private static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path target;
  private Path jar;

  @BeforeEach
  void build() throws IOException {
    jar = Files.createFile(target.resolve("api-edge.jar"));
    Files.setLastModifiedTime(jar, FileTime.from(BUILT));
  }

  private Path writtenAt(Instant time) throws IOException {
    var archive = Files.createFile(target.resolve("api-edge.jsa"));
    Files.setLastModifiedTime(archive, FileTime.from(time));
    return archive;
  }

  @Test
  void the_archive_of_this_build_stays() throws IOException {
    var archive = writtenAt(BUILT.plusSeconds(1));
    assertThat(ClassArchive.of(jar)).isEqualTo(archive).exists();
  }

  @Test
  void the_archive_of_an_older_build_goes() throws IOException {
    var archive = writtenAt(BUILT.minusSeconds(1));
    assertThat(ClassArchive.of(jar)).isEqualTo(archive).doesNotExist();
  }

  @Test
  void the_archive_of_older_libraries_goes() throws IOException {
    var library =
        Files.createFile(Files.createDirectory(target.resolve("lib")).resolve("coupon-core.jar"));
    Files.setLastModifiedTime(library, FileTime.from(BUILT.plusSeconds(1)));
    var archive = writtenAt(BUILT.plusSeconds(2));
    assertThat(ClassArchive.of(jar)).isEqualTo(archive).exists();
    Files.setLastModifiedTime(library, FileTime.from(BUILT.plusSeconds(3)));
    assertThat(ClassArchive.of(jar)).isEqualTo(archive).doesNotExist();
  }

  @Test
  void none_is_needed() {
    assertThat(ClassArchive.of(jar)).isEqualTo(target.resolve("api-edge.jsa")).doesNotExist();
  }
}
