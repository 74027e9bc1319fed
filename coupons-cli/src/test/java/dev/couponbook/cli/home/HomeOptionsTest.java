package dev.couponbook.cli.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.testing.HomeFolder;
import dev.couponbook.local.HomeException;
import dev.couponbook.local.HomeKind;
import dev.couponbook.local.Ports;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class HomeOptionsTest {
  @TempDir Path folder;

  @Command
  private static final class AnyCommand {
    @Mixin HomeOptions options = new HomeOptions();
  }

  private static HomeOptions options(String... words) {
    var command = new AnyCommand();
    new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(words);
    return command.options;
  }

  private HomeOptions here(String... words) {
    var options = options(words);
    options.data = folder;
    return options;
  }

  @Test
  void a_home_is_in_data_and_one_of_localstack_in_a_folder_of_its_own() {
    assertThat(options().directory().root()).endsWithRaw(Path.of(".data"));
    assertThat(options("--home", "localstack").directory().root())
        .endsWithRaw(Path.of(".data/localstack"));
    assertThat(options("--home", "LocalStack", "--data", folder.toString()).directory().root())
        .isEqualTo(folder);
  }

  @Test
  void a_new_home_has_the_ports_of_its_kind() {
    assertThat(here().portBase()).isEqualTo(Ports.DEFAULT_BASE);
    assertThat(here("--home", "localstack").portBase()).isEqualTo(Ports.LOCALSTACK_BASE);
    assertThat(here("--port-base", "19000").portBase()).isEqualTo(19_000);
  }

  @Test
  void a_home_remembers_its_kind_and_its_ports() {
    new HomeFolder(folder).with("portBase", 18_990);
    var terms = here().terms("http://127.0.0.1:4566", null);
    assertThat(terms.kind()).isEqualTo(HomeKind.LOCALSTACK);
    assertThat(terms.portBase()).isEqualTo(18_990);
    assertThat(terms.endpoint()).isEqualTo("http://127.0.0.1:4566");
    assertThat(here().home().ports().edgeUrl()).isEqualTo("http://127.0.0.1:18990");
  }

  @Test
  void ports_that_the_machine_does_not_have_are_refused() {
    assertThatThrownBy(() -> here("--port-base", "65530").portBase())
        .isInstanceOf(HomeException.class)
        .hasMessageContaining("65530");
  }

  @Test
  void a_home_that_was_never_started_cannot_be_used() {
    assertThatThrownBy(() -> here().home())
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("./coupons up");
  }
}
