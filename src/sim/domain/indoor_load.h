// Indoor models of the twin's buildings: which features belong to a building, with their bodies.
#ifndef CT_SIM_DOMAIN_INDOOR_LOAD_H
#define CT_SIM_DOMAIN_INDOOR_LOAD_H

#include "model/indoor/indoor.h"
#include "store/store.h"

#define CT_INDOOR_MAX_BUILDINGS 100000

typedef struct ct_indoor_building {
    const char *id, *name; // in the arena
    uint32_t storeys;
} ct_indoor_building;

// The buildings that have storeys, by id: those with an inside to derive. CT_LIMIT.
CT_CHECKED ct_err ct_indoor_buildings(ct_indoor_building **out, size_t *n, ct_arena *arena,
                                      ct_reader *reader, const ct_catalogue *catalogue);
// Derived from what the reader sees. `edits` NULL = the twin as it is. CT_NOTFOUND for no building
// of this id.
CT_CHECKED ct_err ct_indoor_load(ct_indoor **out, ct_reader *reader, const ct_changeset *edits,
                                 const ct_catalogue *catalogue, const char *building,
                                 const ct_indoor_defaults *defaults);

// ---- what a model was derived from --------------------------------------------------------------
typedef struct ct_indoor_sources ct_indoor_sources; // ids of the features
// The same, with its sources.
CT_CHECKED ct_err ct_indoor_load_from(ct_indoor **out, ct_indoor_sources **sources,
                                      ct_reader *reader, const ct_changeset *edits,
                                      const ct_catalogue *catalogue, const char *building,
                                      const ct_indoor_defaults *defaults);
void ct_indoor_sources_free(ct_indoor_sources *sources); // NULL is fine
bool ct_indoor_is_source(const ct_class *cls); // whether models are derived from the class
bool ct_indoor_sources_has(const ct_indoor_sources *sources, const char *id);
// Whether the feature belongs to the model's building, or now would.
bool ct_indoor_sources_claims(const ct_indoor_sources *sources, const ct_feature *f);

#endif
