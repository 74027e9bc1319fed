package dev.couponbook.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;

/**
 * Ends what has been in the embedded home's buckets for long enough, as the lifecycle rules of S3
 * do elsewhere: objects after the days of their prefix, and uploads in parts that nobody completed.
 */
final class BucketLife implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BucketLife.class);

  // S3 looks once per day; a home may not run that long.
  private static final Duration ROUND = Duration.ofHours(1);

  private final BlobStore store;
  private final Path folder;
  private final List<Resources.Bucket> buckets;
  private final InstantSource clock;
  private final ScheduledExecutorService rounds =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("bucket-life").daemon().factory());

  /**
   * @param folder the folder of the store, which has one for each bucket
   */
  BucketLife(BlobStore store, Path folder, List<Resources.Bucket> buckets, InstantSource clock) {
    this.store = store;
    this.folder = folder;
    this.buckets = buckets;
    this.clock = clock;
  }

  /** What one look ended. */
  record Ended(int objects, int uploads) {}

  void start() {
    rounds.scheduleWithFixedDelay(this::round, 0, ROUND.toMinutes(), TimeUnit.MINUTES);
  }

  private void round() {
    try {
      var ended = runOnce();
      if (ended.objects() + ended.uploads() > 0) {
        LOG.info(
            "removed {} objects whose days were over, and aborted {} uploads that were not completed",
            ended.objects(),
            ended.uploads());
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("could not look for objects whose days are over: {}", e.toString());
    }
  }

  /** Looks once. */
  Ended runOnce() throws IOException {
    int objects = 0;
    int uploads = 0;
    for (var bucket : buckets) {
      for (var rule : bucket.keep()) {
        objects += remove(bucket.name(), rule.prefix(), ago(rule.days()));
      }
      uploads += abort(bucket.name(), ago(bucket.abortUploadsDays()));
    }
    return new Ended(objects, uploads);
  }

  private Instant ago(int days) {
    return clock.instant().minus(Duration.ofDays(days));
  }

  private int remove(String bucket, String prefix, Instant writtenBefore) {
    int removed = 0;
    var request = ListObjectsV2Request.builder().bucket(bucket).prefix(prefix).build();
    while (true) {
      var page = store.list(request);
      for (var object : page.contents()) {
        if (object.lastModified().isBefore(writtenBefore)) {
          store.removeBlob(bucket, object.key());
          removed++;
        }
      }
      if (page.nextContinuationToken() == null) {
        return removed;
      }
      request = request.toBuilder().continuationToken(page.nextContinuationToken()).build();
    }
  }

  private int abort(String bucket, Instant begunBefore) throws IOException {
    int aborted = 0;
    for (var upload : store.listMultipartUploads(bucket)) {
      if (begun(bucket, upload.uploadId(), upload.key()).isBefore(begunBefore)) {
        store.abortMultipartUpload(
            new MultipartUpload(
                upload.uploadId(),
                CreateMultipartUploadRequest.builder().bucket(bucket).key(upload.key()).build()));
        aborted++;
      }
    }
    return aborted;
  }

  /**
   * When the upload was begun. S3Proxy lists every upload as begun just now; the file that it keeps
   * for an upload (S3Proxy 4.1.0) knows better.
   */
  private Instant begun(String bucket, String upload, String key) throws IOException {
    try {
      return Files.getLastModifiedTime(
              folder.resolve(bucket).resolve(".mpus-" + upload + "-" + key + "-stub"))
          .toInstant();
    } catch (NoSuchFileException e) {
      // It has just ended.
      return Instant.MAX;
    }
  }

  @Override
  public void close() {
    rounds.shutdownNow();
  }
}
