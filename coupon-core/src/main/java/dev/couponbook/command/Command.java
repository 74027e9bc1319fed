package dev.couponbook.command;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * What a partner asked for. The names of kinds and members are a contract between programs that may
 * run different versions: golden files hold them.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = CreateBook.class, name = "create_book"),
  @JsonSubTypes.Type(value = ChangeBook.class, name = "change_book"),
  @JsonSubTypes.Type(value = SetBookState.class, name = "set_book_state"),
  @JsonSubTypes.Type(value = AddCodes.class, name = "add_codes"),
  @JsonSubTypes.Type(value = AssignAny.class, name = "assign_any"),
  @JsonSubTypes.Type(value = AssignCode.class, name = "assign_code"),
  @JsonSubTypes.Type(value = LockCode.class, name = "lock_code"),
  @JsonSubTypes.Type(value = UnlockCode.class, name = "unlock_code"),
  @JsonSubTypes.Type(value = RedeemCode.class, name = "redeem_code"),
  @JsonSubTypes.Type(value = ReverseRedemption.class, name = "reverse_redemption"),
  @JsonSubTypes.Type(value = VoidCode.class, name = "void_code"),
  @JsonSubTypes.Type(value = UnassignCode.class, name = "unassign_code"),
  @JsonSubTypes.Type(value = ReplaceCode.class, name = "replace_code"),
  @JsonSubTypes.Type(value = CancelLoad.class, name = "cancel_load"),
  @JsonSubTypes.Type(value = UndoLoad.class, name = "undo_load"),
})
public sealed interface Command
    permits CreateBook,
        ChangeBook,
        SetBookState,
        AddCodes,
        AssignAny,
        AssignCode,
        LockCode,
        UnlockCode,
        RedeemCode,
        ReverseRedemption,
        VoidCode,
        UnassignCode,
        ReplaceCode,
        CancelLoad,
        UndoLoad {

  /** The name of the kind, as in the message and in the outcome row. */
  default String kind() {
    return switch (this) {
      case CreateBook _ -> "create_book";
      case ChangeBook _ -> "change_book";
      case SetBookState _ -> "set_book_state";
      case AddCodes _ -> "add_codes";
      case AssignAny _ -> "assign_any";
      case AssignCode _ -> "assign_code";
      case LockCode _ -> "lock_code";
      case UnlockCode _ -> "unlock_code";
      case RedeemCode _ -> "redeem_code";
      case ReverseRedemption _ -> "reverse_redemption";
      case VoidCode _ -> "void_code";
      case UnassignCode _ -> "unassign_code";
      case ReplaceCode _ -> "replace_code";
      case CancelLoad _ -> "cancel_load";
      case UndoLoad _ -> "undo_load";
    };
  }
}
