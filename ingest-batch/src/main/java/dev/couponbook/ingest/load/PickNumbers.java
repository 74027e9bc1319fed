package dev.couponbook.ingest.load;

import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CopyCodes;
import java.util.SplittableRandom;

/**
 * Random pick numbers for new codes: the order in which "any code of the book" is given out. They
 * are shuffled within windows. A pick begins anywhere, so each code is as likely as any other, and
 * what a batch then takes together lies on a few pages of the index of free codes.
 */
public final class PickNumbers {
  /** Codes that are shuffled together: fewer than an index page has entries. */
  static final int WINDOW = 256;

  private final Transactions transactions;
  private final int bookId;
  private final SplittableRandom random = new SplittableRandom();

  public PickNumbers(Transactions transactions, int bookId) {
    this.transactions = transactions;
    this.bookId = bookId;
  }

  /** Takes this many new pick numbers of the book, in a transaction of its own. */
  public int[] take(int count) {
    var picks = new int[count];
    if (count > 0) {
      int first = transactions.inTransaction(c -> CopyCodes.takePicks(c, bookId, count));
      for (int i = 0; i < count; i++) {
        int window = i - i % WINDOW;
        int j = window + random.nextInt(i - window + 1);
        picks[i] = picks[j];
        picks[j] = first + i;
      }
    }
    return picks;
  }
}
