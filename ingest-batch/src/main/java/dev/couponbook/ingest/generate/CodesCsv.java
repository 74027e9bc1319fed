package dev.couponbook.ingest.generate;

import dev.couponbook.ingest.load.Block;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CopyCodes;
import dev.couponbook.store.load.CopyCodes.Duplicate;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.LoadParts.Part;
import dev.couponbook.store.load.NewCode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The codes of a generation as a file. They are made once more from their counters, which is faster
 * than looking for them among all codes of the partner. Only where some counters were not used, the
 * database is asked which of the codes are the load's.
 */
final class CodesCsv {
  private final CodeLoad load;
  private final Generation generation;
  private final Transactions transactions;

  CodesCsv(CodeLoad load, Generation generation, Transactions transactions) {
    this.load = load;
    this.generation = generation;
    this.transactions = transactions;
  }

  void writeTo(OutputStream destination) throws IOException {
    var out = new BufferedOutputStream(destination, 64 * 1024);
    write(out, "code,expiration");
    for (var manual : generation.addCodes().manual()) {
      write(out, line(manual.code().value(), manual.expiration()));
    }
    var expiration = expiration(generation.generated().expiration());
    for (var part : transactions.inTransaction(c -> LoadParts.ofLoad(c, load.id()))) {
      if (part.part() != Generation.MANUAL && part.counts().accepted() > 0) {
        write(out, part, expiration);
      }
    }
    out.flush();
  }

  private void write(OutputStream out, Part part, String expiration) throws IOException {
    boolean each = part.counts().accepted() == part.position() - part.from();
    var whole =
        new Part(
            part.loadId(),
            part.part(),
            part.from(),
            part.position(),
            part.from(),
            0,
            0,
            part.counts());
    try (var counters = CounterBlocks.open(load, whole, Block.ROWS)) {
      for (var block = counters.next(); block != null; block = counters.next()) {
        var ours = each ? Set.<String>of() : ours(block.codes());
        for (var code : block.codes()) {
          var text = code.text();
          if (each || ours.contains(text)) {
            write(out, quoted(text) + "," + expiration);
          }
        }
      }
    }
  }

  private Set<String> ours(List<NewCode> codes) {
    var texts = codes.stream().map(NewCode::text).toList();
    var ours = new HashSet<String>();
    for (Duplicate duplicate :
        transactions.inTransaction(c -> CopyCodes.duplicates(c, load.partner(), texts))) {
      if (duplicate.loadId() == load.id()) {
        ours.add(duplicate.code());
      }
    }
    return ours;
  }

  private static String line(String code, @Nullable Instant expiration) {
    return quoted(code) + "," + expiration(expiration);
  }

  private static String expiration(@Nullable Instant expiration) {
    return expiration == null ? "" : expiration.toString();
  }

  private static String quoted(String code) {
    return code.indexOf(',') < 0 && code.indexOf('"') < 0
        ? code
        : '"' + code.replace("\"", "\"\"") + '"';
  }

  private static void write(OutputStream out, String line) throws IOException {
    out.write(line.getBytes(StandardCharsets.US_ASCII));
    out.write('\r');
    out.write('\n');
  }
}
