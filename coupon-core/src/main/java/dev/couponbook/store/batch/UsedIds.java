package dev.couponbook.store.batch;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AssignAny;
import dev.couponbook.command.AssignCode;
import dev.couponbook.command.CancelLoad;
import dev.couponbook.command.ChangeBook;
import dev.couponbook.command.Command;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.CreateBook;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.RedeemCode;
import dev.couponbook.command.ReplaceCode;
import dev.couponbook.command.ReverseRedemption;
import dev.couponbook.command.SetBookState;
import dev.couponbook.command.UnassignCode;
import dev.couponbook.command.UndoLoad;
import dev.couponbook.command.UnlockCode;
import dev.couponbook.command.VoidCode;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Requests that have left a row under their id, though their answer is forgotten: a book, codes or
 * a redemption. Their key came once more after its retention, and its id is the same.
 */
final class UsedIds {
  private UsedIds() {}

  private static final String FIND =
      """
      SELECT public_id AS id FROM coupon_book WHERE public_id = ANY (?::uuid[])
      UNION ALL
      SELECT id FROM coupon_redeem_log WHERE id = ANY (?::uuid[])
      UNION ALL
      SELECT public_id FROM code_load WHERE public_id = ANY (?::uuid[])
      """;

  /** Those of the requests; only such are looked up as come from a key and leave a row. */
  static Set<RequestId> of(Connection connection, Collection<CommandMessage> commands)
      throws SQLException {
    var ids =
        commands.stream()
            .filter(message -> message.requestId().isOfKey() && leavesRow(message.command()))
            .map(CommandMessage::requestId)
            .toList();
    return ids.isEmpty() ? Set.of() : used(connection, ids);
  }

  private static Set<RequestId> used(Connection connection, List<RequestId> ids)
      throws SQLException {
    var used = new HashSet<RequestId>();
    Sql.of(connection, FIND)
        .uuids(ids, RequestId::value)
        .uuids(ids, RequestId::value)
        .uuids(ids, RequestId::value)
        .each(row -> used.add(new RequestId(row.uuid("id"))));
    return used;
  }

  private static boolean leavesRow(Command command) {
    return switch (command) {
      case CreateBook _, AddCodes _, RedeemCode _ -> true;
      case ChangeBook _,
          SetBookState _,
          AssignAny _,
          AssignCode _,
          LockCode _,
          UnlockCode _,
          ReverseRedemption _,
          VoidCode _,
          UnassignCode _,
          ReplaceCode _,
          CancelLoad _,
          UndoLoad _ ->
          false;
    };
  }
}
