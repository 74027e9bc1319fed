package dev.couponbook.edge.request;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** A pool whose connections are counted, and come from where the test says. */
final class WatchedPool extends HikariDataSource {
  final AtomicInteger transactions = new AtomicInteger();
  private volatile Connections connections;

  @FunctionalInterface
  interface Connections {
    Connection next() throws SQLException, InterruptedException;
  }

  WatchedPool(Connections connections) {
    this.connections = connections;
  }

  void become(Connections others) {
    connections = others;
  }

  @Override
  public Connection getConnection() throws SQLException {
    transactions.incrementAndGet();
    try {
      return connections.next();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException(e);
    }
  }
}
