package dev.couponbook.house;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which classes may depend on which, over the compiled classes of all modules. The enforcer has
 * rules for modules; these are for packages, so that they still hold when a class moves.
 */
class ArchitectureTest {
  private static final JavaClasses PROGRAMS =
      new ClassFileImporter().importPaths(Modules.names().stream().map(Modules::classes).toList());

  private static final JavaClasses TESTS_TOO =
      new ClassFileImporter().importPaths(Modules.allClasses());

  private static final String EDGE = "dev.couponbook.edge..";
  private static final String WORKER = "dev.couponbook.worker..";
  private static final String INGEST = "dev.couponbook.ingest..";
  private static final String UNLOCK = "dev.couponbook.unlock..";
  private static final String LOCAL_CLOUD = "dev.couponbook.local..";
  private static final String LAUNCHER = "dev.couponbook.cli..";
  private static final String BENCH = "dev.couponbook.bench..";
  private static final String CHAOS = "dev.couponbook.chaos..";
  private static final String TEST_KIT = "dev.couponbook.testing..";

  private static final String STORE = "dev.couponbook.store..";

  static Stream<String> modules() {
    return Modules.names().stream();
  }

  @Test
  void every_module_is_looked_at() {
    assertThat(Modules.names())
        .contains("coupon-core", "api-edge", "assign-worker", "ingest-batch", "unlock-job");
    assertThat(PROGRAMS.size()).isGreaterThan(500);
  }

  /** They meet in a queue, a bucket and the database. The Lambda edition lies below the edge. */
  @ParameterizedTest
  @MethodSource("programs")
  void programs_never_depend_on_each_other(String program, List<String> others) {
    check(
        noClasses()
            .that()
            .resideInAPackage(program)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(others.toArray(String[]::new)),
        PROGRAMS);
  }

  static Stream<Arguments> programs() {
    var programs = List.of(EDGE, WORKER, INGEST, UNLOCK, LOCAL_CLOUD);
    var fromOutside = List.of(LAUNCHER, BENCH, CHAOS, TEST_KIT);
    return programs.stream()
        .map(program ->
            Arguments.of(
                program,
                Stream.concat(
                        programs.stream().filter(other -> !other.equals(program)),
                        fromOutside.stream())
                    .toList()));
  }

  /** The launcher knows nothing of what it starts, except the local cloud's own files. */
  @Test
  void the_launcher_has_none_of_the_programs_classes() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(LAUNCHER, BENCH, CHAOS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(EDGE, WORKER, INGEST, UNLOCK, TEST_KIT),
        PROGRAMS);
  }

  /** Any class may pass a connection on; only the store prepares statements and reads rows. */
  @Test
  void statements_are_in_the_store() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(STORE, "dev.couponbook.postgres..", BENCH, CHAOS, TEST_KIT)
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.sql.PreparedStatement")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.sql.Statement")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.sql.ResultSet"),
        PROGRAMS);
  }

  /** Each package of the store, and who may use it. */
  @ParameterizedTest
  @MethodSource("doors")
  void each_package_of_the_store_is_used_only_by_its_guests(String door, List<String> guests) {
    check(
        classes()
            .that()
            .resideInAPackage(door)
            .should()
            .onlyHaveDependentClassesThat(resideInAnyPackage(guests.toArray(String[]::new))),
        PROGRAMS);
  }

  static Stream<Arguments> doors() {
    return Map.of(
            "dev.couponbook.store.sql..", List.of(STORE),
            "dev.couponbook.store.batch..", List.of(STORE, WORKER, INGEST, BENCH),
            "dev.couponbook.store.load..", List.of(STORE, INGEST, LAUNCHER, BENCH, CHAOS),
            "dev.couponbook.store.read..", List.of(STORE, EDGE, LAUNCHER, BENCH, CHAOS),
            "dev.couponbook.store.tidy..",
                List.of(
                    STORE, "dev.couponbook.schema..", UNLOCK, LOCAL_CLOUD, LAUNCHER, BENCH, CHAOS))
        .entrySet()
        .stream()
        .map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void packages_have_no_circles(String module) {
    check(
        slices().matching("dev.couponbook.(**)").should().beFreeOfCycles(),
        new ClassFileImporter().importPath(Modules.classes(module)));
  }

  @Test
  void nouns_do_not_depend_on_messages_and_tables() {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.couponbook.coupon..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.couponbook.command..", STORE, "dev.couponbook.postgres.."),
        PROGRAMS);
  }

  @Test
  void no_network_inside_a_transaction() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(STORE, "dev.couponbook.postgres..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net.http..", "software.amazon.awssdk..", "io.awspring.."),
        PROGRAMS);
  }

  /**
   * Workers with different clocks decide alike, because none of them asks its own clock: the only
   * clock is the database's.
   */
  @Test
  void no_decision_asks_the_machines_clock() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                WORKER, STORE, "dev.couponbook.command..", "dev.couponbook.coupon..")
            .should()
            .callMethodWhere(
                target(nameMatching("now|systemUTC|systemDefaultZone"))
                    .and(target(owner(resideInAPackage("java.time..")))))
            .orShould()
            .callMethod(System.class, "currentTimeMillis"),
        PROGRAMS);
  }

  @Test
  void nothing_is_mocked() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "org.mockito..",
                "org.easymock..",
                "org.powermock..",
                "io.mockk..",
                "mockit..",
                "com.github.tomakehurst.wiremock..",
                "org.springframework.boot.test.mock.."),
        TESTS_TOO);
  }

  @Test
  void names_say_what_a_class_is() {
    check(
        classes()
            .should()
            .haveSimpleNameNotEndingWith("Manager")
            .andShould()
            .haveSimpleNameNotEndingWith("Impl")
            .andShould()
            .haveSimpleNameNotEndingWith("Utils"),
        PROGRAMS);
  }

  /** Forty classes are as many as a reader can take in. */
  @Test
  void no_package_is_too_large() {
    var sizes = new TreeMap<String, Integer>();
    PROGRAMS.stream()
        .filter(javaClass -> javaClass.isTopLevelClass())
        .filter(javaClass -> !javaClass.getSimpleName().equals("package-info"))
        .forEach(javaClass -> sizes.merge(javaClass.getPackageName(), 1, Integer::sum));
    assertThat(sizes).allSatisfy((name, size) -> assertThat(size).as(name).isLessThanOrEqualTo(40));
  }

  private static void check(ArchRule rule, JavaClasses classes) {
    // A module need not have a package for every rule.
    rule.allowEmptyShould(true).check(classes);
  }
}
