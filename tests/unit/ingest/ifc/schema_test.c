// The listings of the three schemas: counts of ISO 16739-1, inheritance, positions of attributes.
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmk.h"
#include "ingest/ifc/schema/schema.h"

static ct_ifc__schema *load(ct_ifc__version version) {
    ct_ifc__schema *s = NULL;
    if (ct_ifc__schema_load(&s, version) != CT_OK) fail_msg("%s", ct_err_message());
    return s;
}

static ct_ifc__entity named(const ct_ifc__schema *s, const char *name) {
    const ct_ifc__entity e = ct_ifc__entity_named(s, name);
    if (e == CT_IFC__NO_ENTITY) fail_msg("no %s", name);
    return e;
}

static void counts(void **state) {
    (void)state;
    static const uint16_t expected[] = {653, 776, 876};
    for (int v = CT_IFC__2X3; v <= CT_IFC__4X3; v++) {
        ct_ifc__schema *s = load((ct_ifc__version)v);
        assert_int_equal(ct_ifc__schema_count(s), expected[v]);
        assert_int_equal(ct_ifc__entity_named(s, "IfcNothing"), CT_IFC__NO_ENTITY);
        ct_ifc__schema_free(s);
    }
}

static void inheritance(void **state) {
    (void)state;
    ct_ifc__schema *s = load(CT_IFC__4);
    const ct_ifc__entity root = named(s, "IFCROOT"), wall = named(s, "ifcwall"),
                         standard = named(s, "IfcWallStandardCase"), door = named(s, "IfcDoor");
    assert_string_equal(ct_ifc__entity_name(s, wall), "IfcWall");
    assert_true(ct_ifc__is_a(s, wall, root));
    assert_true(ct_ifc__is_a(s, wall, wall));
    assert_true(ct_ifc__is_a(s, standard, wall));
    assert_false(ct_ifc__is_a(s, wall, standard));
    assert_false(ct_ifc__is_a(s, door, wall));
    assert_false(ct_ifc__is_a(s, CT_IFC__NO_ENTITY, root));
    assert_false(ct_ifc__is_a(s, wall, CT_IFC__NO_ENTITY));
    assert_true(ct_ifc__is_abstract(s, root));
    assert_false(ct_ifc__is_abstract(s, wall));
    assert_int_equal(ct_ifc__supertype(s, standard), wall);
    assert_int_equal(ct_ifc__supertype(s, root), CT_IFC__NO_ENTITY);
    // Inheritance is the numbering: every entity lies within its supertype's range.
    for (ct_ifc__entity e = 0; e < ct_ifc__schema_count(s); e++) {
        const ct_ifc__entity super = ct_ifc__supertype(s, e);
        if (super != CT_IFC__NO_ENTITY) assert_true(ct_ifc__is_a(s, e, super));
    }
    ct_ifc__schema_free(s);
}

static void attributes(void **state) {
    (void)state;
    static const struct {
        ct_ifc__version version;
        const char *entity, *attribute;
        int index, count;
    } expected[] = {
        {CT_IFC__2X3, "IfcDoor", "OverallWidth", 9, 10},
        {CT_IFC__4, "IfcDoor", "OperationType", 11, 13},
        {CT_IFC__4X3, "IfcDoor", "GlobalId", 0, 13},
        {CT_IFC__2X3, "IfcWall", "Tag", 7, 8},
        {CT_IFC__4, "IfcWall", "PredefinedType", 8, 9},
        {CT_IFC__4X3, "IfcSite", "RefElevation", 11, 14},
        {CT_IFC__2X3, "IfcStairFlight", "RiserHeight", 10, 12},
        {CT_IFC__4, "IfcMapConversion", "Scale", 7, 8},
        {CT_IFC__4, "IfcSIUnit", "Name", 3, 4},
        {CT_IFC__2X3, "IfcDoor", "OperationType", -1, 10},
        {CT_IFC__4, "IfcGeometricRepresentationSubContext", "ParentContext", 6, 10},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        ct_ifc__schema *s = load(expected[i].version);
        const ct_ifc__entity e = named(s, expected[i].entity);
        assert_int_equal(ct_ifc__attribute_named(s, e, expected[i].attribute), expected[i].index);
        assert_int_equal(ct_ifc__n_attributes(s, e), expected[i].count);
        if (expected[i].index >= 0)
            assert_string_equal(ct_ifc__attribute(s, e, (uint16_t)expected[i].index),
                                expected[i].attribute);
        assert_null(ct_ifc__attribute(s, e, (uint16_t)expected[i].count));
        ct_ifc__schema_free(s);
    }
}

static void names_of_schemas(void **state) {
    (void)state;
    static const struct {
        const char *name;
        ct_ifc__version version;
        bool exact;
    } known[] = {{"IFC2X3", CT_IFC__2X3, true},      {"IFC4", CT_IFC__4, true},
                 {"IFC4X3_ADD2", CT_IFC__4X3, true}, {"IFC4X3_RC2", CT_IFC__4X3, false},
                 {"IFC4X3", CT_IFC__4X3, false},     {"IFC2X2_FINAL", CT_IFC__2X3, false},
                 {"ifc4", CT_IFC__4, false}};
    ct_ifc__version version;
    bool exact;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        assert_true(ct_ifc__version_of(&version, &exact, known[i].name));
        assert_int_equal(version, known[i].version);
        assert_int_equal(exact, known[i].exact);
    }
    assert_false(ct_ifc__version_of(&version, &exact, "CONFIG_CONTROL_DESIGN"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts),
        cmocka_unit_test(inheritance),
        cmocka_unit_test(attributes),
        cmocka_unit_test(names_of_schemas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
