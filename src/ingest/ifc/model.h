// One IFC file, opened: its instances with their entities, and the relations between them both
// ways. What later steps ask: which instances are walls, what does this one hold, who is its
// whole. Attributes are asked for by name; their positions come from the schema.
#ifndef CT_INGEST_IFC_MODEL_H
#define CT_INGEST_IFC_MODEL_H

#include "ingest/ifc/schema/schema.h"
#include "ingest/ifc/step/step.h"

// The entities that the code names. Those that a schema lacks have no instances in its files.
#define CT_IFC__KNOWN_LIST(X)                                                                      \
    X(ROOT, "IfcRoot")                                                                             \
    X(OBJECT_DEFINITION, "IfcObjectDefinition")                                                    \
    X(OBJECT, "IfcObject")                                                                         \
    X(PROJECT, "IfcProject")                                                                       \
    X(CONTEXT, "IfcContext")                                                                       \
    X(PRODUCT, "IfcProduct")                                                                       \
    X(ELEMENT, "IfcElement")                                                                       \
    X(SPATIAL_2X3, "IfcSpatialStructureElement")                                                   \
    X(SPATIAL, "IfcSpatialElement")                                                                \
    X(SITE, "IfcSite")                                                                             \
    X(FACILITY, "IfcFacility")                                                                     \
    X(FACILITY_PART, "IfcFacilityPart")                                                            \
    X(BUILDING, "IfcBuilding")                                                                     \
    X(STOREY, "IfcBuildingStorey")                                                                 \
    X(SPACE, "IfcSpace")                                                                           \
    X(SPATIAL_ZONE, "IfcSpatialZone")                                                              \
    X(GROUP, "IfcGroup")                                                                           \
    X(ZONE, "IfcZone")                                                                             \
    X(SYSTEM, "IfcSystem")                                                                         \
    X(DOOR, "IfcDoor")                                                                             \
    X(WINDOW, "IfcWindow")                                                                         \
    X(OPENING, "IfcOpeningElement")                                                                \
    X(FEATURE_ELEMENT, "IfcFeatureElement")                                                        \
    X(VIRTUAL_ELEMENT, "IfcVirtualElement")                                                        \
    X(WALL, "IfcWall")                                                                             \
    X(CURTAIN_WALL, "IfcCurtainWall")                                                              \
    X(SLAB, "IfcSlab")                                                                             \
    X(ROOF, "IfcRoof")                                                                             \
    X(COLUMN, "IfcColumn")                                                                         \
    X(BEAM, "IfcBeam")                                                                             \
    X(MEMBER, "IfcMember")                                                                         \
    X(PLATE, "IfcPlate")                                                                           \
    X(FOOTING, "IfcFooting")                                                                       \
    X(PILE, "IfcPile")                                                                             \
    X(COVERING, "IfcCovering")                                                                     \
    X(RAILING, "IfcRailing")                                                                       \
    X(STAIR, "IfcStair")                                                                           \
    X(STAIR_FLIGHT, "IfcStairFlight")                                                              \
    X(RAMP, "IfcRamp")                                                                             \
    X(RAMP_FLIGHT, "IfcRampFlight")                                                                \
    X(TRANSPORT, "IfcTransportElement")                                                            \
    X(FURNISHING, "IfcFurnishingElement")                                                          \
    X(FURNITURE, "IfcFurniture")                                                                   \
    X(DISTRIBUTION, "IfcDistributionElement")                                                      \
    X(SENSOR, "IfcSensor")                                                                         \
    X(ALARM, "IfcAlarm")                                                                           \
    X(ACTUATOR, "IfcActuator")                                                                     \
    X(CONTROLLER, "IfcController")                                                                 \
    X(SENSOR_TYPE, "IfcSensorType")                                                                \
    X(ALARM_TYPE, "IfcAlarmType")                                                                  \
    X(ACTUATOR_TYPE, "IfcActuatorType")                                                            \
    X(CONTROLLER_TYPE, "IfcControllerType")                                                        \
    X(FIRE_TERMINAL, "IfcFireSuppressionTerminal")                                                 \
    X(FIRE_TERMINAL_TYPE, "IfcFireSuppressionTerminalType")                                        \
    X(TYPE_OBJECT, "IfcTypeObject")                                                                \
    X(LOCAL_PLACEMENT, "IfcLocalPlacement")                                                        \
    X(LINEAR_PLACEMENT, "IfcLinearPlacement")                                                      \
    X(GRID_PLACEMENT, "IfcGridPlacement")                                                          \
    X(GRID, "IfcGrid")                                                                             \
    X(PLACEMENT, "IfcPlacement")                                                                   \
    X(UNIT_ASSIGNMENT, "IfcUnitAssignment")                                                        \
    X(SI_UNIT, "IfcSIUnit")                                                                        \
    X(CONVERSION_UNIT, "IfcConversionBasedUnit")                                                   \
    X(DERIVED_UNIT, "IfcDerivedUnit")                                                              \
    X(GEOMETRIC_CONTEXT, "IfcGeometricRepresentationContext")                                      \
    X(GEOMETRIC_SUBCONTEXT, "IfcGeometricRepresentationSubContext")                                \
    X(COORDINATE_OPERATION, "IfcCoordinateOperation")                                              \
    X(MAP_CONVERSION, "IfcMapConversion")                                                          \
    X(RIGID_OPERATION, "IfcRigidOperation")                                                        \
    X(CRS, "IfcCoordinateReferenceSystem")                                                         \
    X(PROPERTY_SET, "IfcPropertySet")                                                              \
    X(QUANTITY_SET, "IfcElementQuantity")                                                          \
    X(PROPERTY, "IfcProperty")                                                                     \
    X(COMPLEX_PROPERTY, "IfcComplexProperty")                                                      \
    X(TABLE, "IfcPropertyTableValue")                                                              \
    X(SIMPLE_QUANTITY, "IfcPhysicalSimpleQuantity")                                                \
    X(COMPLEX_QUANTITY, "IfcPhysicalComplexQuantity")                                              \
    X(QUANTITY, "IfcPhysicalQuantity")                                                             \
    X(BOUNDARY, "IfcRelSpaceBoundary")                                                             \
    X(MATERIAL, "IfcMaterial")                                                                     \
    X(STYLED_ITEM, "IfcStyledItem")                                                                \
    X(INDEXED_COLOURS, "IfcIndexedColourMap")                                                      \
    X(SURFACE_STYLE, "IfcSurfaceStyle")                                                            \
    X(REL_AGGREGATES, "IfcRelAggregates")                                                          \
    X(REL_NESTS, "IfcRelNests")                                                                    \
    X(REL_CONTAINED, "IfcRelContainedInSpatialStructure")                                          \
    X(REL_VOIDS, "IfcRelVoidsElement")                                                             \
    X(REL_FILLS, "IfcRelFillsElement")                                                             \
    X(REL_PROPERTIES, "IfcRelDefinesByProperties")                                                 \
    X(REL_TYPE, "IfcRelDefinesByType")                                                             \
    X(REL_MATERIAL, "IfcRelAssociatesMaterial")                                                    \
    X(REL_CLASSIFICATION, "IfcRelAssociatesClassification")                                        \
    X(REL_GROUP, "IfcRelAssignsToGroup")

typedef enum ct_ifc__known {
#define CT_IFC__KNOWN_ENUM(name, text) CT_IFC__##name,
    CT_IFC__KNOWN_LIST(CT_IFC__KNOWN_ENUM)
#undef CT_IFC__KNOWN_ENUM
        CT_IFC__N_KNOWN
} ct_ifc__known;

// For each instance those that a relation leads to, in the order of the file.
typedef struct ct_ifc__links {
    uint32_t
        *start; // of instance i: to[start[i]] up to to[start[i + 1]]; NULL where there are none
    uint32_t *to;
} ct_ifc__links;

typedef struct ct_ifc__slots { // borrowed slots
    const uint32_t *at;
    size_t n;
} ct_ifc__slots;

typedef struct ct_ifc__relations {
    ct_ifc__links parts, whole;        // IfcRelAggregates
    ct_ifc__links nested, nest;        // IfcRelNests: parts of the whole, whole of the part
    ct_ifc__links contents, structure; // IfcRelContainedInSpatialStructure
    ct_ifc__links openings, host;      // IfcRelVoidsElement: of the element, of the opening
    ct_ifc__links fillings, filled;    // IfcRelFillsElement: of the opening, of the filling
    ct_ifc__links boundaries;          // of an element or space: the IfcRelSpaceBoundary
    ct_ifc__links sets;                // of an object: its property and quantity sets
    ct_ifc__links type;                // of an object
    ct_ifc__links material;            // of an object or type
    ct_ifc__links classification;      // of an object or type
    ct_ifc__links members, groups;     // IfcRelAssignsToGroup: of the group, of the object
    ct_ifc__links styles; // of a representation item: its IfcStyledItem, IfcIndexedColourMap
} ct_ifc__relations;

typedef struct ct_ifc__model {
    const char *file;            // its name, for findings; borrowed
    ct_diagnostics *diagnostics; // borrowed
    ct_step *step;
    ct_ifc__schema *schema;
    ct_ifc__version version;
    bool exact; // the file names one of the three schemas by its very name
    ct_ifc__entity known[CT_IFC__N_KNOWN];
    ct_ifc__entity *entities; // of each type of the file
    uint32_t *order;          // slots by type, those of a type in the order of the file
    uint32_t *type_start;     // where those of a type begin in `order`; one more at the end
    ct_ifc__relations rel;
    size_t n_foreign; // strings with bytes that are no UTF-8, of those that were read
} ct_ifc__model;

// `bytes` are borrowed for the life of the model. Findings: everything of ct_step__open; a schema
// that is none of the three by name, unknown entities, wrong numbers of attributes. `strict`: an
// inexact schema name is an error. CT_PARSE, CT_UNSUPPORTED (no IFC), CT_NOMEM.
CT_CHECKED ct_err ct_ifc__open(ct_ifc__model *out, const char *bytes, size_t n, const char *file,
                               bool strict, ct_diagnostics *diagnostics);
void ct_ifc__close(ct_ifc__model *model); // a zeroed one is fine

// ---- instances
static inline ct_ifc__entity ct_ifc__of(const ct_ifc__model *m, uint32_t slot) {
    return m->entities[ct_step__type(m->step, slot)];
}
// False for CT_STEP__NONE.
static inline bool ct_ifc__is(const ct_ifc__model *m, uint32_t slot, ct_ifc__known known) {
    return slot != CT_STEP__NONE && ct_ifc__is_a(m->schema, ct_ifc__of(m, slot), m->known[known]);
}
const char *ct_ifc__class(const ct_ifc__model *m, uint32_t slot); // "IfcWall"; unknown: as written
// All instances of an entity and its subtypes, in the order of the file; from the arena. CT_NOMEM.
CT_CHECKED ct_err ct_ifc__all(ct_ifc__slots *out, ct_arena *arena, const ct_ifc__model *m,
                              ct_ifc__entity entity);
CT_CHECKED ct_err ct_ifc__all_known(ct_ifc__slots *out, ct_arena *arena, const ct_ifc__model *m,
                                    ct_ifc__known known);
ct_ifc__slots ct_ifc__linked(const ct_ifc__links *links, uint32_t slot);
uint32_t ct_ifc__first(const ct_ifc__links *links, uint32_t slot); // or CT_STEP__NONE

// ---- attributes, by name; END or what stands for "none" where the entity has no such attribute
ct_step__value ct_ifc__get(const ct_ifc__model *m, uint32_t slot, const char *attribute);
uint32_t ct_ifc__ref(const ct_ifc__model *m, uint32_t slot, const char *attribute);
bool ct_ifc__number(double *out, const ct_ifc__model *m, uint32_t slot, const char *attribute);
// A list of numbers, at most `max`; how many there are.
size_t ct_ifc__numbers(double *out, size_t max, const ct_step__value *list);
// A text in the arena; NULL where it is unset or empty. CT_NOMEM.
CT_CHECKED ct_err ct_ifc__text(const char **out, ct_arena *arena, ct_ifc__model *m, uint32_t slot,
                               const char *attribute);
// An enumerator in the arena ("FLOOR"); NULL where unset. CT_NOMEM.
CT_CHECKED ct_err ct_ifc__word(const char **out, ct_arena *arena, const ct_ifc__model *m,
                               uint32_t slot, const char *attribute);

// ---- findings about an instance
void ct_ifc__note(ct_ifc__model *m, ct_severity severity, const char *rule, uint32_t slot,
                  const char *format, ...) CT_PRINTF(5, 6);

// Of relations.c.
CT_CHECKED ct_err ct_ifc__relate(ct_ifc__model *m);
void ct_ifc__relations_free(ct_ifc__relations *rel);

#endif
