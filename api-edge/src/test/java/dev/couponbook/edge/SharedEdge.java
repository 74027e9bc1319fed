package dev.couponbook.edge;

import com.zaxxer.hikari.HikariDataSource;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.program.DatabaseSettings;
import javax.sql.DataSource;

/** What tests in other packages take of the running edge. */
public final class SharedEdge {
  private SharedEdge() {}

  /** The edge's own pool, as its own role. */
  public static DataSource pool() {
    return RunningEdge.shared().edge.context().getBean(HikariDataSource.class);
  }

  /** How the edge connects. */
  public static DatabaseSettings database() {
    return RunningEdge.shared().edge.context().getBean(DatabaseSettings.class);
  }

  /** Changes the database as its owner. */
  public static void sql(String statement) {
    RunningEdge.shared().surroundings.sql(statement);
  }

  /** Answers a request as the worker would: status 200. */
  public static void answer(PartnerId partner, RequestId request) {
    RunningEdge.shared().answer(request.value(), partner.value(), "00", 200, "{}");
  }
}
