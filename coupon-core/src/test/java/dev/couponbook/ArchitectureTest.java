package dev.couponbook;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the dependency rules of the build cannot say. */
@AnalyzeClasses(packages = "dev.couponbook", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule sql_is_in_the_store_and_in_the_schema =
      noClasses()
          .that()
          .resideOutsideOfPackages("..store..", "..postgres..", "..schema..", "..testing..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.sql..");

  @ArchTest
  static final ArchRule nouns_know_nothing_of_messages_and_tables =
      noClasses()
          .that()
          .resideInAPackage("dev.couponbook.coupon..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.couponbook.command..", "dev.couponbook.store..", "dev.couponbook.postgres..");

  @ArchTest
  static final ArchRule packages_have_no_cycles =
      slices().matching("dev.couponbook.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule no_network_inside_a_transaction =
      noClasses()
          .that()
          .resideInAnyPackage("..store..", "..postgres..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net.http..", "software.amazon.awssdk..", "io.awspring..");

  @ArchTest
  static final ArchRule names_say_what_a_class_is =
      classes()
          .should()
          .haveSimpleNameNotEndingWith("Manager")
          .andShould()
          .haveSimpleNameNotEndingWith("Impl")
          .andShould()
          .haveSimpleNameNotEndingWith("Utils");
}
