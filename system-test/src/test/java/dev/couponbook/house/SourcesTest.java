package dev.couponbook.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CaseLabelTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConstantCaseLabelTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.PatternCaseLabelTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules that only the sources of programs and tests can show, read with the JDK's own parser. */
class SourcesTest {
  // Where SQL may be written: in the store, the runner of its migrations, and yardsticks made
  // by hand.
  private static final Pattern MAY_HOLD_SQL =
      Pattern.compile("/dev/couponbook/(store|postgres|schema|testing|bench|chaos)/");
  private static final Pattern SQL =
      Pattern.compile(
          "^\\s*(SELECT|INSERT INTO|UPDATE \\w+ SET|UPDATE \\w+\\s+SET|DELETE FROM|WITH \\w+ AS"
              + "|COPY \\w+|TRUNCATE|ALTER|CREATE (TABLE|ROLE|DATABASE)|GRANT) ?",
          Pattern.DOTALL);

  @SuppressWarnings("NullAway.Init")
  private static Trees trees;

  private static final List<CompilationUnitTree> UNITS = new ArrayList<>();
  private static final Set<String> OWN_TYPES = new HashSet<>();
  private static final Set<String> OWN_CONSTANTS = new HashSet<>();

  private static JavacTask parser(List<Path> sources) {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
    return (JavacTask)
        compiler.getTask(
            null,
            files,
            null,
            List.of("-proc:none"),
            null,
            files.getJavaFileObjectsFromPaths(sources));
  }

  @BeforeAll
  static void parse() throws IOException {
    var task = parser(Modules.sources(true));
    trees = Trees.instance(task);
    task.parse().forEach(UNITS::add);
    var names = new OwnNames();
    UNITS.forEach(unit -> names.scan(unit, null));
  }

  private static final class OwnNames extends TreeScanner<@Nullable Void, @Nullable Void> {
    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
      // An exception of ours is a type of ours too, but of a family that anybody may extend.
      if (!type.getSimpleName().toString().endsWith("Exception")
          && !type.getSimpleName().toString().endsWith("Failure")) {
        OWN_TYPES.add(type.getSimpleName().toString());
      }
      if (type.getKind() == Tree.Kind.ENUM) {
        for (var member : type.getMembers()) {
          if (member instanceof VariableTree constant
              && constant.getType() instanceof IdentifierTree of
              && of.getName().equals(type.getSimpleName())) {
            OWN_CONSTANTS.add(constant.getName().toString());
          }
        }
      }
      return super.visitClass(type, nothing);
    }
  }

  /**
   * A switch over our own enums or sealed types names every case: the compiler then finds each
   * place that must know a new one.
   */
  @Test
  void no_switch_over_own_types_has_a_default() {
    var found = new ArrayList<String>();
    for (var unit : UNITS) {
      new TreeScanner<@Nullable Void, @Nullable Void>() {
        @Override
        public @Nullable Void visitSwitch(SwitchTree tree, @Nullable Void nothing) {
          look(tree, tree.getCases());
          return super.visitSwitch(tree, nothing);
        }

        @Override
        public @Nullable Void visitSwitchExpression(
            SwitchExpressionTree tree, @Nullable Void nothing) {
          look(tree, tree.getCases());
          return super.visitSwitchExpression(tree, nothing);
        }

        private void look(Tree tree, List<? extends CaseTree> cases) {
          if (hasDefault(cases) && isOverOwnType(cases)) {
            found.add(place(unit, tree));
          }
        }
      }.scan(unit, null);
    }
    assertThat(found).isEmpty();
  }

  private static Stream<CaseLabelTree> labels(List<? extends CaseTree> cases) {
    return cases.stream().flatMap(one -> one.getLabels().stream());
  }

  private static boolean hasDefault(List<? extends CaseTree> cases) {
    return labels(cases).anyMatch(DefaultCaseLabelTree.class::isInstance);
  }

  private static boolean isOverOwnType(List<? extends CaseTree> cases) {
    var others =
        labels(cases)
            .filter(label -> !(label instanceof DefaultCaseLabelTree))
            .filter(label -> !label.toString().equals("null"))
            .toList();
    return !others.isEmpty() && others.stream().allMatch(SourcesTest::isOwn);
  }

  private static boolean isOwn(CaseLabelTree label) {
    return switch (label) {
      case ConstantCaseLabelTree constant ->
          constant.getConstantExpression() instanceof IdentifierTree name
              && OWN_CONSTANTS.contains(name.getName().toString());
      case PatternCaseLabelTree pattern ->
          OWN_TYPES.contains(pattern.getPattern().toString().split("[ (.<]")[0]);
      default -> false;
    };
  }

  @Test
  void sql_is_written_in_the_store() {
    var found = new ArrayList<String>();
    var programs = Set.copyOf(Modules.sources(false));
    for (var unit : UNITS) {
      var file = Path.of(unit.getSourceFile().toUri());
      if (!programs.contains(file) || MAY_HOLD_SQL.matcher(file.toString()).find()) {
        continue;
      }
      new TreeScanner<@Nullable Void, @Nullable Void>() {
        @Override
        public @Nullable Void visitLiteral(LiteralTree literal, @Nullable Void nothing) {
          if (literal.getValue() instanceof String text && SQL.matcher(text).find()) {
            found.add(place(unit, literal));
          }
          return null;
        }
      }.scan(unit, null);
    }
    assertThat(found).isEmpty();
  }

  private static String place(CompilationUnitTree unit, Tree tree) {
    long position = trees.getSourcePositions().getStartPosition(unit, tree);
    return Modules.name(Path.of(unit.getSourceFile().toUri()))
        + ":"
        + unit.getLineMap().getLineNumber(position);
  }
}
