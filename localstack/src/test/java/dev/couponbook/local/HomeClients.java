package dev.couponbook.local;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A home as a program sees it: its cloud, and its database. */
final class HomeClients extends CloudClients {
  final HomeFile file;

  HomeClients(HomeFile file) {
    super(file);
    this.file = file;
  }

  Connection connect(String role, String password) throws SQLException {
    return DriverManager.getConnection(file.databaseUrl(), role, password);
  }

  Connection connect(String role) throws SQLException {
    return connect(role, file.password(role));
  }
}
