package dev.couponbook.ingest.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.Abortable;

/** A range of an object's bytes, read over connections that may break in the middle. */
final class ResumingStream extends InputStream {
  private static final Logger LOG = LoggerFactory.getLogger(ResumingStream.class);

  // The SDK retries opening by itself. These are for reads that break one after the other
  // without a single byte between them.
  private static final int ATTEMPTS = 5;
  private static final long FIRST_PAUSE_MILLIS = 200;

  private final long to;
  private final Opener opener;
  private long position;
  private @Nullable InputStream current;
  private int failures;

  /** Opens the bytes from one place to before another. */
  @FunctionalInterface
  interface Opener {
    InputStream open(long from, long to) throws UnusableFileException;
  }

  ResumingStream(long from, long to, Opener opener) {
    this.position = from;
    this.to = to;
    this.opener = opener;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (position < to) {
      try {
        int read = in().read(bytes, offset, (int) Math.min(length, to - position));
        if (read < 0) {
          throw new EOFException("ended at byte " + position + " before byte " + to);
        }
        position += read;
        failures = 0;
        return read;
      } catch (UnusableFileException e) {
        throw e;
      } catch (IOException | SdkClientException e) {
        closeCurrent();
        pauseBefore(e);
      }
    }
    return -1;
  }

  private InputStream in() throws UnusableFileException {
    if (current == null) {
      current = opener.open(position, to);
    }
    return current;
  }

  private void pauseBefore(Exception e) throws IOException {
    if (++failures >= ATTEMPTS) {
      throw new IOException(
          "gave up reading at byte %d after %d attempts".formatted(position, ATTEMPTS), e);
    }
    LOG.warn("reading broke at byte {} ({}); reading on from there", position, e.toString());
    try {
      Thread.sleep(FIRST_PAUSE_MILLIS << failures);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading", interrupted);
    }
  }

  private void closeCurrent() {
    if (current != null) {
      try {
        current.close();
      } catch (IOException | SdkClientException e) {
        LOG.debug("closing a broken stream failed too", e);
      }
      current = null;
    }
  }

  @Override
  public void close() {
    // To keep the connection, the SDK would read to the end of a range that nobody wants any
    // more.
    if (current instanceof Abortable unread && position < to) {
      unread.abort();
    }
    closeCurrent();
  }
}
