package dev.couponbook.local;

import java.io.InputStream;
import java.util.function.Supplier;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** A bucket that tells the outbox about each new object. */
final class EventfulBlobStore extends ForwardingBlobStore {
  /** S3Proxy's own placeholder for a multipart upload that is not complete. */
  private static final String MULTIPART_STUB = ".s3proxy-mpu-stub-";

  private final EventOutbox outbox;

  EventfulBlobStore(BlobStore store, EventOutbox outbox) {
    super(store);
    this.outbox = outbox;
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
    if (request.key().startsWith(MULTIPART_STUB)) {
      return super.putBlob(request, content);
    }
    return announced(
        "ObjectCreated:Put",
        request.bucket(),
        request.key(),
        () -> super.putBlob(request, content));
  }

  @Override
  public CopyObjectResponse copyBlob(CopyObjectRequest request) {
    return announced(
        "ObjectCreated:Copy",
        request.destinationBucket(),
        request.destinationKey(),
        () -> super.copyBlob(request));
  }

  @Override
  public CompleteMultipartUploadResponse completeMultipartUpload(
      MultipartUpload upload, CompleteMultipartUploadRequest request) {
    return announced(
        "ObjectCreated:CompleteMultipartUpload",
        upload.containerName(),
        upload.blobName(),
        () -> super.completeMultipartUpload(upload, request));
  }

  // The promise is on disk before the object is: whatever dies in between, the event is sent.
  private <T> T announced(String event, String bucket, String key, Supplier<T> write) {
    var promise = outbox.promise(event, bucket, key);
    try {
      var written = write.get();
      promise.keep();
      return written;
    } catch (RuntimeException | Error e) {
      promise.withdraw();
      throw e;
    }
  }
}
