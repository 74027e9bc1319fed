package dev.couponbook.ingest.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The bucket: files of partners to read, reports and codes to write. */
public final class FileStore {
  private static final int NOT_FOUND = 404;
  private static final int PRECONDITION_FAILED = 412;

  private final S3Client s3;
  private final String bucket;

  public FileStore(S3Client s3, String bucket) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  public String bucket() {
    return bucket;
  }

  /** What the bucket knows about an object; empty if it has none with this key. */
  public Optional<HeadObjectResponse> head(String key) {
    try {
      return Optional.of(s3.headObject(request -> request.bucket(bucket).key(key)));
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    } catch (S3Exception e) {
      if (e.statusCode() == NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Opens the bytes of an object from one place to before another. If the connection breaks,
   * reading goes on over a new one from the same byte.
   *
   * @param etag the object as it was when the load was created
   * @throws UnusableFileException now or while reading, if the object was replaced or removed
   */
  public InputStream open(String key, String etag, long from, long to)
      throws UnusableFileException {
    return new ResumingStream(from, to, (begin, end) -> openOnce(key, etag, begin, end));
  }

  private InputStream openOnce(String key, String etag, long from, long to)
      throws UnusableFileException {
    try {
      return s3.getObject(request ->
          request.bucket(bucket).key(key).ifMatch(etag).range("bytes=" + from + "-" + (to - 1)));
    } catch (S3Exception e) {
      if (e.statusCode() == PRECONDITION_FAILED || e.statusCode() == NOT_FOUND) {
        throw new UnusableFileException(
            e.statusCode() == NOT_FOUND
                ? "The file was removed before it was read"
                : "The file was replaced after it was uploaded");
      }
      throw e;
    }
  }

  /** Writes a small object. */
  public void put(String key, String contentType, byte[] content) {
    s3.putObject(
        request -> request.bucket(bucket).key(key).contentType(contentType),
        RequestBody.fromBytes(content));
  }

  /** The content of an object, of any size. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes an object of any size in constant memory. The object exists when this returns, and not
   * at all if this throws.
   */
  public void put(String key, String contentType, Content content) throws IOException {
    try (var out = new UploadStream(key, contentType)) {
      content.writeTo(out);
      out.complete();
    }
  }

  /** Collects bytes, and sends each full part of S3's multipart upload. */
  private final class UploadStream extends OutputStream {
    // S3 takes at most 10,000 parts of at least 5 MiB each: this is 80 GB in all, and 8 MiB in
    // memory.
    private static final int PART = 8 * 1024 * 1024;

    private final String key;
    private final String contentType;
    private final List<CompletedPart> parts = new ArrayList<>();
    private byte[] buffer = new byte[64 * 1024];
    private int length;
    private String uploadId = "";
    private boolean completed;

    UploadStream(String key, String contentType) {
      this.key = key;
      this.contentType = contentType;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
      int from = offset;
      int left = count;
      while (left > 0) {
        if (length == PART) {
          sendPart();
        }
        int taken = Math.min(left, PART - length);
        if (length + taken > buffer.length) {
          buffer =
              Arrays.copyOf(buffer, Math.min(PART, Math.max(length + taken, buffer.length * 2)));
        }
        System.arraycopy(bytes, from, buffer, length, taken);
        length += taken;
        from += taken;
        left -= taken;
      }
    }

    private void sendPart() {
      if (uploadId.isEmpty()) {
        uploadId =
            s3.createMultipartUpload(
                    request -> request.bucket(bucket).key(key).contentType(contentType))
                .uploadId();
      }
      int number = parts.size() + 1;
      var sent =
          s3.uploadPart(
              request -> request.bucket(bucket).key(key).uploadId(uploadId).partNumber(number),
              RequestBody.fromByteBuffer(ByteBuffer.wrap(buffer, 0, length)));
      parts.add(CompletedPart.builder().partNumber(number).eTag(sent.eTag()).build());
      length = 0;
    }

    void complete() {
      if (uploadId.isEmpty()) {
        put(key, contentType, Arrays.copyOf(buffer, length));
      } else {
        sendPart();
        s3.completeMultipartUpload(request ->
            request
                .bucket(bucket)
                .key(key)
                .uploadId(uploadId)
                .multipartUpload(upload -> upload.parts(parts)));
      }
      completed = true;
    }

    @Override
    public void close() {
      if (!completed && !uploadId.isEmpty()) {
        s3.abortMultipartUpload(request -> request.bucket(bucket).key(key).uploadId(uploadId));
      }
    }
  }
}
