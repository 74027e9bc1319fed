package dev.couponbook.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.command.AddCodes.Generated;
import dev.couponbook.command.AddCodes.ManualCode;
import dev.couponbook.command.CommandEnvelope.Enclosed;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.BookState;
import dev.couponbook.coupon.BookTerms;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.LockToken;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RedemptionId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Messages that programs of this version write and must go on reading: the files under {@code
 * golden/} are the contract.
 */
class CommandCodecTest {
  private static final BookId BOOK = BookId.parse("0197a3c0-0000-7000-8000-000000000001");
  private static final Email USER = new Email("ann+test@example.com");
  private static final CouponCode CODE = new CouponCode("SPRING-\"25\"");
  private static final LockToken TOKEN = new LockToken("c2VjcmV0");

  static Stream<Command> commands() {
    var terms =
        new BookTerms(
            3,
            1,
            Instant.parse("2026-01-01T00:00:00Z"),
            Instant.parse("2027-01-01T00:00:00.000001Z"),
            600);
    var metadata =
        Json.mapper()
            .readTree("{\"note\": \"Größe ☃ 𝄞\", \"price\": 1.10, \"big\": 12345678901234567890}");
    return Stream.of(
        new CreateBook("Spring", terms, metadata),
        new ChangeBook(
            BOOK,
            4,
            "Summer",
            0,
            2,
            new NewValue<>(null),
            new NewValue<>(Instant.parse("2027-01-01T00:00:00Z")),
            900,
            new NewValue<>(metadata),
            "wrong season"),
        new SetBookState(BOOK, BookState.PAUSED, "wrong codes"),
        new AddCodes(
            BOOK,
            new Generated(100, "SPRING-", 8, null, null, Instant.parse("2027-01-01T00:00:00Z")),
            List.of(new ManualCode(CODE, null))),
        new AssignAny(BOOK, USER),
        new AssignCode(BOOK, CODE, USER),
        new LockCode(CODE, USER, TOKEN),
        new UnlockCode(CODE, USER, null),
        new RedeemCode(CODE, USER, TOKEN),
        new ReverseRedemption(
            new RedemptionId(UUID.fromString("0197a3c0-0000-7000-8000-000000000002")),
            "wrong till"),
        new VoidCode(CODE, BOOK, "stolen", true, false),
        new UnassignCode(CODE, USER, "wrong user", true),
        new ReplaceCode(CODE, BOOK, USER, "torn"),
        new CancelLoad(new LoadId(UUID.fromString("0197a3c0-0000-7000-8000-000000000003")), BOOK),
        new UndoLoad(new LoadId(UUID.fromString("0197a3c0-0000-7000-8000-000000000003")), null));
  }

  private static CommandMessage message(Command command) {
    var request = RequestId.parse("0197a3c0-0000-7000-8000-00000000000a");
    return new CommandMessage(request, new PartnerId(7), Fingerprint.of("asked"), command);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void a_message_is_written_as_its_golden_file_says(Command command) {
    assertThat(CommandCodec.encode(message(command))).isEqualTo(golden(command.kind()));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void a_golden_message_is_read_back_whole(Command command) {
    assertThat(CommandCodec.decode(golden(command.kind()))).isEqualTo(message(command));
  }

  @Test
  void a_message_of_an_edge_that_did_not_know_a_newer_member_is_still_read() {
    var cancel =
        new CancelLoad(new LoadId(UUID.fromString("0197a3c0-0000-7000-8000-000000000003")), null);
    var older = golden("cancel_load").replaceFirst(",\"awaitedFor\":\"[^\"]*\"", "");
    assertThat(older).doesNotContain("awaitedFor");
    assertThat(CommandCodec.decode(older)).isEqualTo(message(cancel));
  }

  @Test
  void every_kind_of_command_has_a_golden_file() {
    assertThat(commands().map(Object::getClass))
        .containsExactlyInAnyOrder(Command.class.getPermittedSubclasses());
  }

  @Test
  void a_message_is_plain_ascii() {
    commands().forEach(c -> assertThat(CommandCodec.encode(message(c))).isASCII());
  }

  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private static List<CommandMessage> two() {
    return List.of(
        message(new AssignAny(BOOK, USER)),
        new CommandMessage(
            RequestId.parse("0197a3c0-0000-7000-8000-00000000000b"),
            new PartnerId(7),
            Fingerprint.of("asked"),
            new LockCode(CODE, USER, TOKEN)));
  }

  private static String envelope(List<CommandMessage> messages) {
    return CommandEnvelope.write(
        messages.stream()
            .map(message -> new Enclosed(TRACE, CommandCodec.encode(message)))
            .toList());
  }

  @Test
  void an_envelope_is_written_and_read_as_its_golden_file_says() {
    assertThat(envelope(two())).isEqualTo(golden("envelope"));
    assertThat(CommandCodec.decodeAll(golden("envelope"))).isEqualTo(two());
  }

  @Test
  void a_message_of_one_command_is_read_as_one_of_several() {
    assertThat(CommandCodec.decodeAll(golden("assign_any")))
        .containsExactly(message(new AssignAny(BOOK, USER)));
  }

  @Test
  void who_knows_no_envelopes_does_not_half_understand_one() {
    assertThatThrownBy(() -> CommandCodec.decode(golden("envelope")))
        .isInstanceOf(UndecodableMessageException.class);
  }

  @Test
  void an_envelope_comes_apart_into_the_messages_that_would_have_been_sent_alone() {
    assertThat(CommandEnvelope.takeApart(envelope(commands().map(c -> message(c)).toList())))
        .hasValueSatisfying(apart -> {
          assertThat(apart).extracting(Enclosed::traceparent).containsOnly(TRACE);
          assertThat(apart)
              .extracting(Enclosed::message)
              .containsExactlyElementsOf(
                  commands().map(c -> CommandCodec.encode(message(c))).toList());
        });
  }

  @Test
  void what_cannot_be_read_does_not_keep_an_envelope_from_coming_apart() {
    var spoilt = golden("envelope").replace("lock_code", "no_such");
    assertThatThrownBy(() -> CommandCodec.decodeAll(spoilt))
        .isInstanceOf(UndecodableMessageException.class);
    assertThat(CommandEnvelope.takeApart(spoilt).orElseThrow())
        .hasSize(2)
        .first()
        .extracting(Enclosed::message)
        .isEqualTo(golden("assign_any"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello", "[]", "{}", "{\"messages\":7}"})
  void what_is_no_envelope_has_nothing_to_take_apart(String text) {
    assertThat(CommandEnvelope.takeApart(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "hello",
        "{\"v\":2,\"requestId\":\"0197a3c0-0000-7000-8000-00000000000a\",\"partner\":7,\"fingerprint\":\"00\",\"command\":{\"kind\":\"cancel_load\",\"loadId\":\"0197a3c0-0000-7000-8000-000000000003\"}}",
        "{\"v\":1,\"requestId\":\"0197a3c0-0000-7000-8000-00000000000a\",\"partner\":7,\"fingerprint\":\"00\",\"command\":{\"kind\":\"no_such\"}}",
        "{\"v\":1,\"requestId\":\"0197a3c0-0000-7000-8000-00000000000a\",\"partner\":7,\"fingerprint\":\"00\",\"command\":{\"kind\":\"cancel_load\"}}",
        "{\"v\":1,\"requestId\":\"0197a3c0-0000-7000-8000-00000000000a\",\"partner\":7,\"fingerprint\":\"00\"}",
        "{\"v\":1,\"requestId\":\"0197a3c0-0000-7000-8000-00000000000a\",\"partner\":0,\"fingerprint\":\"00\",\"command\":{\"kind\":\"cancel_load\",\"loadId\":\"0197a3c0-0000-7000-8000-000000000003\"}}",
        "{\"v\":1,\"requestId\":\"0197a3c0-0000-7000-8000-00000000000a\",\"partner\":7,\"fingerprint\":\"00\",\"command\":{\"kind\":\"lock_code\",\"code\":\"A"
            + " B\",\"email\":\"a@b\"}}",
        "{\"v\":3,\"messages\":[]}",
        "{\"v\":1,\"messages\":[]}",
        "{\"v\":2,\"messages\":[null]}",
        "{\"v\":2,\"messages\":[{\"traceparent\":\"t\"}]}",
        "{\"v\":2,\"messages\":[{\"message\":{\"v\":2,\"messages\":[]}}]}",
        "{\"v\":2,\"partner\":7,\"messages\":[]}",
        "{\"v\":1,\"extra\":1,\"requestId\":\"0197a3c0-0000-7000-8000-00000000000a\",\"partner\":7,\"fingerprint\":\"00\",\"command\":{\"kind\":\"cancel_load\",\"loadId\":\"0197a3c0-0000-7000-8000-000000000003\"}}",
      })
  void an_unreadable_message_is_refused_without_quoting_it(String text) {
    assertThatThrownBy(() -> CommandCodec.decode(text))
        .isInstanceOf(UndecodableMessageException.class)
        .hasMessageNotContaining("0197a3c0");
    assertThatThrownBy(() -> CommandCodec.decodeAll(text))
        .isInstanceOf(UndecodableMessageException.class)
        .hasMessageNotContaining("0197a3c0");
  }

  private static String golden(String kind) {
    var file = "/golden/" + kind + ".json";
    try (var stream =
        Objects.requireNonNull(CommandCodecTest.class.getResourceAsStream(file), file)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }
}
