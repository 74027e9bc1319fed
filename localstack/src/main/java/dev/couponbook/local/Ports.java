package dev.couponbook.local;

/** The addresses of a home: ten ports in a row, all on the loopback interface. */
public record Ports(int base) {
  public static final int DEFAULT_BASE = 18100;
  private static final int IN_A_ROW = 10;

  /** A home of each kind can run side by side without setting a port. */
  public static final int LOCALSTACK_BASE = DEFAULT_BASE + IN_A_ROW;

  public Ports {
    if (base < 1024 || base + IN_A_ROW > 65536) {
      throw new HomeException(
          "A port base must be between 1024 and " + (65536 - IN_A_ROW) + ", not " + base + ".");
    }
  }

  /** The last port of the row. */
  public int last() {
    return base + IN_A_ROW - 1;
  }

  public int edge() {
    return base;
  }

  public int postgres() {
    return base + 1;
  }

  public int sqs() {
    return base + 2;
  }

  public int s3() {
    return base + 3;
  }

  public int issuer() {
    return base + 4;
  }

  public int edgeMetrics() {
    return base + 5;
  }

  public int workerMetrics() {
    return base + 6;
  }

  public int ingestMetrics() {
    return base + 7;
  }

  public String edgeUrl() {
    return http(edge());
  }

  String sqsUrl() {
    return http(sqs());
  }

  String s3Url() {
    return http(s3());
  }

  /** The {@code iss} of the home's tokens. */
  public String issuerUrl() {
    return http(issuer());
  }

  public String jwksUrl() {
    return issuerUrl() + "/.well-known/jwks.json";
  }

  private static String http(int port) {
    return "http://127.0.0.1:" + port;
  }
}
