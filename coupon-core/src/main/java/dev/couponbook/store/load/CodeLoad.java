package dev.couponbook.store.load;

import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.file.LoadOptions;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A load as its row has it.
 *
 * @param id the number that its codes carry
 * @param reason why it fails; set before its state is {@code failed}, so that its parts stop
 * @param sha256 of the file as declared, in base64; null if none was
 * @param generator JSON: what to generate, and the key; null for a file
 * @param attempt number of its job: more than one after an operator's restart of a failed one
 * @param layout JSON: delimiter and columns of the file; null until its first line was read
 */
public record CodeLoad(
    int id,
    LoadId publicId,
    PartnerId partner,
    int bookId,
    Kind kind,
    State state,
    @Nullable String reason,
    @Nullable String fileName,
    @Nullable String objectKey,
    @Nullable String objectEtag,
    @Nullable String sha256,
    long bytesTotal,
    LoadOptions options,
    @Nullable Long rowsExpected,
    @Nullable String generator,
    @Nullable String layout,
    boolean cancelRequested,
    int attempt) {

  /** What the codes come from. */
  public enum Kind {
    IMPORT,
    GENERATE,
    REQUEST;

    String sql() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String sql) {
      return valueOf(sql.toUpperCase(Locale.ROOT));
    }
  }

  /** The states of the contract. */
  public enum State {
    QUEUED,
    RUNNING,
    COMPLETED,
    COMPLETED_WITH_REJECTS,
    FAILED,
    CANCELLED,
    UNDONE;

    /** The name in the contract and in the database. */
    public String sql() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String sql) {
      return valueOf(sql.toUpperCase(Locale.ROOT));
    }

    /** Whether no job works on the load any more. */
    public boolean isFinal() {
      return switch (this) {
        case QUEUED, RUNNING -> false;
        case COMPLETED, COMPLETED_WITH_REJECTS, FAILED, CANCELLED, UNDONE -> true;
      };
    }
  }
}
