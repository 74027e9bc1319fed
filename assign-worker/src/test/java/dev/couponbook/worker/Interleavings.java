package dev.couponbook.worker;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Plays two operations against each other in every order of their statements, on real PostgreSQL:
 * each runs in a thread of its own and stops before each statement that could meet the other, until
 * it is its turn. While one waits for a row lock, the other has the turn.
 *
 * <p>Statements on tables that the two cannot meet on (an answer, an audit row, a count, the clock)
 * do not count as stops: an order that differs only in these is the same order.
 */
final class Interleavings {
  private static final Pattern MEETING =
      Pattern.compile(
          "\\b(coupon|coupon_block|coupon_book|coupon_holder|coupon_lock|coupon_redeem_log"
              + "|pg_(try_)?advisory_xact_lock)\\b");

  /** One of the two; it returns its answer. */
  public interface Operation {
    Object run(DataSource database) throws Exception;
  }

  /**
   * One order, and its result.
   *
   * @param order whose turn it was: 1 or 2 per statement
   * @param answers of the first and of the second, or what they threw
   * @param deadlock whether the two waited for each other
   */
  public record Play(String order, List<String> answers, boolean deadlock) {}

  private final Connection observer;

  /**
   * @param observer a connection of its own, to see which operation waits for which
   */
  public Interleavings(Connection observer) {
    this.observer = observer;
  }

  /** Two operations on a scene that is new for each order. */
  public record Pair(Operation first, DataSource firsts, Operation second, DataSource seconds) {}

  /**
   * Plays all orders, the two serial ones first.
   *
   * @param pair makes a new scene, and the operations on it
   * @param judge receives each play when it is over, before the next scene is made
   * @param most how many orders to play at most
   * @return how many there were
   */
  public int playAll(Supplier<Pair> pair, Consumer<Play> judge, int most) throws Exception {
    judge.accept(new Run(pair.get(), List.of(), 1).play());
    judge.accept(new Run(pair.get(), List.of(), 2).play());
    int played = 2;
    List<Integer> prefix = List.of();
    while (played < most) {
      var run = new Run(pair.get(), prefix, 1);
      judge.accept(run.play());
      played++;
      var next = run.nextPrefix();
      if (next == null) {
        break;
      }
      prefix = next;
    }
    return played;
  }

  private enum Place {
    RUNNING,
    AT_STATEMENT,
    DONE
  }

  /** An operation on its way. */
  private static final class Actor {
    private final int number;
    private final Thread thread;
    private Place place = Place.RUNNING;
    private int backend;
    private String answer = "";

    Actor(int number, Operation operation, DataSource database) {
      this.number = number;
      this.thread =
          Thread.ofPlatform().name("operation-" + number).unstarted(() -> run(operation, database));
    }

    private void run(Operation operation, DataSource database) {
      var said = "";
      try {
        said = String.valueOf(operation.run(stopping(database)));
      } catch (Throwable e) {
        said = e.toString();
      }
      synchronized (this) {
        answer = said;
        place = Place.DONE;
        notifyAll();
      }
    }

    private synchronized void stop() throws InterruptedException {
      place = Place.AT_STATEMENT;
      notifyAll();
      while (place == Place.AT_STATEMENT) {
        wait();
      }
    }

    synchronized void go() {
      place = Place.RUNNING;
      notifyAll();
    }

    synchronized Place place() {
      return place;
    }

    synchronized int backend() {
      return backend;
    }

    synchronized String answer() {
      return answer;
    }

    /** Waits a moment for the operation to stop or to end. */
    synchronized boolean hasSettled(int millis) throws InterruptedException {
      if (place == Place.RUNNING) {
        wait(millis);
      }
      return place != Place.RUNNING;
    }

    private DataSource stopping(DataSource database) {
      return proxy(
          DataSource.class,
          (_, method, values) -> {
            var result = call(database, method, values);
            return result instanceof Connection connection ? opened(connection) : result;
          });
    }

    private Connection opened(Connection connection) throws SQLException {
      try (var select = connection.createStatement();
          var row = select.executeQuery("SELECT pg_backend_pid()")) {
        row.next();
        synchronized (this) {
          backend = row.getInt(1);
        }
      }
      return stopping(connection);
    }

    private Connection stopping(Connection connection) {
      return proxy(
          Connection.class,
          (_, method, values) -> {
            var name = method.getName();
            // COPY uses the driver's own connection.
            if (name.equals("commit") || name.equals("unwrap")) {
              stop();
            }
            var result = call(connection, method, values);
            if (!(result instanceof Statement statement)) {
              return result;
            }
            var sql = values != null && values[0] instanceof String text ? text : null;
            return stopping(statement, method.getReturnType(), sql);
          });
    }

    private Object stopping(Statement statement, Class<?> type, @Nullable String prepared) {
      return proxy(
          type,
          (_, method, values) -> {
            if (method.getName().startsWith("execute")) {
              var sql = prepared == null && values != null ? String.valueOf(values[0]) : prepared;
              if (sql != null && MEETING.matcher(sql).find()) {
                stop();
              }
            }
            return call(statement, method, values);
          });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
      return type.cast(
          Proxy.newProxyInstance(
              Interleavings.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object call(
        Object target, Method method, @Nullable Object @Nullable [] values) throws Throwable {
      try {
        return method.invoke(target, values);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }

  /** One order: the choices of a prefix, and then always the same operation as far as it gets. */
  private final class Run {
    private record Choice(int taken, boolean hadOther) {}

    private final Actor first;
    private final Actor second;
    private final List<Integer> prefix;
    private final int favourite;
    private final List<Choice> choices = new ArrayList<>();
    private boolean deadlock;

    Run(Pair pair, List<Integer> prefix, int favourite) {
      first = new Actor(1, pair.first(), pair.firsts());
      second = new Actor(2, pair.second(), pair.seconds());
      this.prefix = prefix;
      this.favourite = favourite;
    }

    Play play() throws Exception {
      first.thread.start();
      second.thread.start();
      while (true) {
        settle();
        var ready = ready();
        if (ready.isEmpty()) {
          break;
        }
        var next = choose(ready);
        choices.add(new Choice(next.number, ready.size() > 1));
        next.go();
      }
      first.thread.join();
      second.thread.join();
      var order = new StringBuilder();
      choices.forEach(choice -> order.append(choice.taken()));
      return new Play(order.toString(), List.of(first.answer(), second.answer()), deadlock);
    }

    private List<Actor> ready() {
      return List.of(first, second).stream()
          .filter(actor -> actor.place() == Place.AT_STATEMENT)
          .toList();
    }

    private Actor choose(List<Actor> ready) {
      int wanted = choices.size() < prefix.size() ? prefix.get(choices.size()) : favourite;
      return ready.stream().filter(a -> a.number == wanted).findFirst().orElse(ready.getFirst());
    }

    /** Until each of the two has stopped, has ended, or waits for the other, which has stopped. */
    private void settle() throws Exception {
      while (true) {
        boolean one = first.hasSettled(2);
        boolean two = second.hasSettled(2);
        if (one && two) {
          return;
        }
        boolean oneWaits = !one && waits(first);
        boolean twoWaits = !two && waits(second);
        if (oneWaits && twoWaits) {
          // PostgreSQL ends it.
          deadlock = true;
        } else if ((oneWaits && second.place() == Place.AT_STATEMENT)
            || (twoWaits && first.place() == Place.AT_STATEMENT)) {
          return;
        }
      }
    }

    private boolean waits(Actor actor) throws SQLException {
      try (var select = observer.prepareStatement("SELECT cardinality(pg_blocking_pids(?)) > 0")) {
        select.setInt(1, actor.backend());
        try (var row = select.executeQuery()) {
          return row.next() && row.getBoolean(1);
        }
      }
    }

    /** The choices that lead to the next order: the last one that has an alternative is changed. */
    @Nullable List<Integer> nextPrefix() {
      for (int i = choices.size() - 1; i >= 0; i--) {
        var choice = choices.get(i);
        if (choice.hadOther() && choice.taken() == favourite) {
          var next = new ArrayList<>(choices.subList(0, i).stream().map(Choice::taken).toList());
          next.add(3 - favourite);
          return next;
        }
      }
      return null;
    }
  }
}
