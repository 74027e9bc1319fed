package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.schema.Schema;
import dev.couponbook.schema.WrongSchemaException;
import org.junit.jupiter.api.Test;

class OlderSchemaTest {
  @Test
  void edge_does_not_start_on_an_older_schema() {
    var surroundings = RunningEdge.shared().surroundings;
    var stepBackOrForth =
        "UPDATE flyway_schema_history SET success = NOT success WHERE version = '%d'"
            .formatted(Schema.VERSION);
    surroundings.sql(stepBackOrForth);
    try {
      assertThatThrownBy(() -> Edge.start(surroundings.settings()))
          .isInstanceOf(WrongSchemaException.class);
    } finally {
      surroundings.sql(stepBackOrForth);
    }
  }
}
