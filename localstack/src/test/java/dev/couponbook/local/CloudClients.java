package dev.couponbook.local;

import dev.couponbook.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;
import software.amazon.awssdk.services.sqs.model.Message;
import tools.jackson.databind.JsonNode;

/** A cloud as programs and partners see it: through the AWS SDK and plain HTTP. */
class CloudClients implements AutoCloseable {
  final software.amazon.awssdk.services.sqs.SqsClient sqs;
  final S3Client s3;
  final S3Presigner presigner;
  final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** A local cloud at its addresses. */
  CloudClients(HomeFile file) {
    var credentials =
        StaticCredentialsProvider.create(
            AwsBasicCredentials.create(file.accessKeyId(), file.secretAccessKey()));
    var region = Region.of(file.region());
    var pathStyle = S3Configuration.builder().pathStyleAccessEnabled(true).build();
    sqs =
        software.amazon.awssdk.services.sqs.SqsClient.builder()
            .endpointOverride(URI.create(file.sqsUrl()))
            .region(region)
            .credentialsProvider(credentials)
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build();
    s3 =
        S3Client.builder()
            .endpointOverride(URI.create(file.s3Url()))
            .region(region)
            .credentialsProvider(credentials)
            .serviceConfiguration(pathStyle)
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build();
    presigner =
        S3Presigner.builder()
            .endpointOverride(URI.create(file.s3Url()))
            .region(region)
            .credentialsProvider(credentials)
            .serviceConfiguration(pathStyle)
            .build();
  }

  /** AWS itself, with the credentials and the region that the SDK finds. */
  CloudClients() {
    sqs =
        software.amazon.awssdk.services.sqs.SqsClient.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build();
    s3 = S3Client.builder().httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    presigner = S3Presigner.create();
  }

  String queueUrl(String queue) {
    return sqs.getQueueUrl(r -> r.queueName(queue)).queueUrl();
  }

  void send(String queue, String body) {
    sqs.sendMessage(r -> r.queueUrl(queueUrl(queue)).messageBody(body));
  }

  /** Takes out of the queue what is there or arrives within these seconds. */
  List<String> take(String queue, int seconds) {
    var url = queueUrl(queue);
    var messages =
        sqs.receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(10).waitTimeSeconds(seconds))
            .messages();
    for (Message message : messages) {
      sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(message.receiptHandle()));
    }
    return messages.stream().map(Message::body).toList();
  }

  static JsonNode json(@Nullable String text) {
    return Json.mapper().readTree(Objects.requireNonNull(text));
  }

  /** Signs an upload as the edge does. */
  PresignedPutObjectRequest presigned(String key, int length) {
    return presigned(key, length, Duration.ofMinutes(15));
  }

  PresignedPutObjectRequest presigned(String key, int length, Duration life) {
    return presigner.presignPutObject(r ->
        r.signatureDuration(life)
            .putObjectRequest(
                PutObjectRequest.builder()
                    .bucket("coupon-files")
                    .key(key)
                    .contentLength((long) length)
                    .contentType("text/csv")
                    .ifNoneMatch("*")
                    .metadata(Map.of("book", "b", "file-name", "a%20b.csv"))
                    .build()));
  }

  int put(String url, PresignedPutObjectRequest signed, String body)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(url)).PUT(BodyPublishers.ofString(body));
    signed
        .signedHeaders()
        .forEach((name, values) -> {
          if (!name.equalsIgnoreCase("host") && !name.equalsIgnoreCase("content-length")) {
            values.forEach(value -> request.header(name, value));
          }
        });
    return http.send(request.build(), BodyHandlers.ofString()).statusCode();
  }

  /** Sends a PUT without any of the signed headers. */
  int putBare(String url, String body) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(url)).PUT(BodyPublishers.ofString(body));
    return http.send(request.build(), BodyHandlers.ofString()).statusCode();
  }

  int get(String url) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.discarding())
        .statusCode();
  }

  @Override
  public void close() {
    sqs.close();
    s3.close();
    presigner.close();
    http.close();
  }
}
