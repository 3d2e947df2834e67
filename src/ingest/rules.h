// Inside ingest: rules that map tagged data (OpenStreetMap) to classes and attributes. The rules
// are data (data/ingest/osm.json, data/schemas/ingest-rules.schema.json); the first one that fits
// wins.
#ifndef CT_INGEST_RULES_H
#define CT_INGEST_RULES_H

#include "model/feature.h"

typedef struct ct_ingest__rules ct_ingest__rules; // immutable after load
typedef struct ct_ingest__rule ct_ingest__rule;

// How a rule asks for the value of a tag, by the tag's number in the rules; NULL or "" where it is
// not set.
typedef struct ct_ingest__tags {
    const char *(*get)(const void *context, size_t tag);
    const void *context;
} ct_ingest__tags;

// Errors name file, rule and attribute.
CT_CHECKED ct_err ct_ingest__rules_load(ct_ingest__rules **out, const ct_catalogue *catalogue,
                                        const char *path);
void ct_ingest__rules_free(ct_ingest__rules *rules);
size_t ct_ingest__rules_tags(const ct_ingest__rules *rules); // number of different tags
const char *ct_ingest__rules_tag(const ct_ingest__rules *rules, size_t tag);

// The rule for a thing of these tags and type of geometry; NULL if none. `only` NULL = any class.
const ct_ingest__rule *ct_ingest__rules_match(const ct_ingest__rules *rules,
                                              const ct_ingest__tags *tags, ct_geom_type geometry,
                                              const ct_class *only);
const ct_class *ct_ingest__rule_class(const ct_ingest__rule *rule);

// Fills the feature's values. Calls `bad` for each tag value that cannot be understood (it stays
// null).
CT_CHECKED ct_err ct_ingest__rule_apply(const ct_ingest__rule *rule, const ct_ingest__tags *tags,
                                        ct_feature *f, ct_arena *arena,
                                        void (*bad)(void *context, const char *text),
                                        void *bad_context);

#endif
