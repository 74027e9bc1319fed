package dev.couponbook.worker;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * Workers whose clocks are apart decide alike, because none of them asks its clock: the only one is
 * the database's.
 */
@AnalyzeClasses(packages = "dev.couponbook", importOptions = DoNotIncludeTests.class)
class ClockTest {
  @ArchTest
  static final ArchRule no_decision_asks_the_machine_what_time_it_is =
      noClasses()
          .that()
          .resideInAnyPackage("..worker..", "..store..", "..command..", "..coupon..")
          .should()
          .callMethodWhere(
              target(nameMatching("now|systemUTC|systemDefaultZone"))
                  .and(target(owner(resideInAPackage("java.time..")))))
          .orShould()
          .callMethod(System.class, "currentTimeMillis");
}
