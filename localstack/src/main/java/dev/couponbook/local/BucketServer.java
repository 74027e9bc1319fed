package dev.couponbook.local;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.InstantSource;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** S3: plain files under the home, every signature checked, and an event for each new object. */
final class BucketServer implements AutoCloseable {
  /** How long uploads that are still running at a stop may take to end. */
  private static final long STOP_MILLIS = 2_000;

  private final S3Proxy proxy;
  private final EventOutbox outbox;
  private final BucketLife life;

  private BucketServer(S3Proxy proxy, EventOutbox outbox, BucketLife life) {
    this.proxy = proxy;
    this.outbox = outbox;
    this.life = life;
  }

  static BucketServer start(
      HomeDirectory home, HomeFile file, Resources resources, SqsClient queues) {
    makeBuckets(home, resources);
    var store = new FilesystemNio2BlobStore(home.files().toString());
    var outbox =
        new EventOutbox(
            home.outbox(), resources, new ObjectEventJson(file.region()), store, queues);
    var proxy =
        S3Proxy.builder()
            .blobStore(new EventfulBlobStore(store, outbox))
            .endpoint(URI.create(file.s3Url()))
            .awsAuthentication(
                AuthenticationType.AWS_V4, file.accessKeyId(), file.secretAccessKey())
            // Without it the SDK cannot complete a multipart upload: x-amz-mp-object-size.
            .ignoreUnknownHeaders(true)
            .stopTimeout(STOP_MILLIS)
            .build();
    try {
      proxy.start();
    } catch (Exception e) {
      throw new HomeException("The bucket's server did not start: " + e.getMessage(), e);
    }
    outbox.start();
    var life = new BucketLife(store, home.files(), resources.buckets(), InstantSource.system());
    life.start();
    return new BucketServer(proxy, outbox, life);
  }

  private static void makeBuckets(HomeDirectory home, Resources resources) {
    try {
      for (var bucket : resources.buckets()) {
        var folder = Files.createDirectories(home.files().resolve(bucket.name()));
        // S3Proxy takes a world-readable folder for a public bucket.
        HomeDirectory.ownerOnly(folder);
        // An object's metadata is kept in user attributes of its file.
        var view = Files.getFileAttributeView(folder, UserDefinedFileAttributeView.class);
        view.write("user.couponbook", ByteBuffer.wrap(new byte[] {1}));
      }
    } catch (IOException | NullPointerException | UnsupportedOperationException e) {
      throw new HomeException(
          "The file system of "
              + home.files()
              + " keeps no user attributes, which the bucket needs ("
              + e
              + "): put the data elsewhere with --data DIR.",
          e);
    }
  }

  @Override
  public void close() throws Exception {
    life.close();
    proxy.stop();
    outbox.close();
  }
}
