// The layers that features lay on the flood engine's grid. Private to sim/domain.
#ifndef CT_SIM_DOMAIN_FLOOD_LAYERS_H
#define CT_SIM_DOMAIN_FLOOD_LAYERS_H

#include "sim/domain/flood_domain.h"
#include "sim/domain/merged.h"

typedef struct ct_layers {
    ct_flood_domain *domain;
    const ct_catalogue *catalogue;
    ct_reader *reader;
    const ct_changeset *edits;
    const ct_flood_domain_options *options;
} ct_layers;

CT_CHECKED ct_err
ct_domain__buildings(const ct_layers *layers);               // blocked cells and who blocks them
CT_CHECKED ct_err ct_domain__roofs(const ct_layers *layers); // where their rain goes
CT_CHECKED ct_err ct_domain__cover(const ct_layers *layers); // roughness, roads' centre lines
CT_CHECKED ct_err ct_domain__water(const ct_layers *layers); // standing water
CT_CHECKED ct_err ct_domain__walls(const ct_layers *layers); // crests on faces

// Raises the faces that a line cuts to a crest, and tells how many; where another wall stands the
// higher one counts.
size_t ct_domain__raise_line(ct_flood_domain *domain, const ct_geom *line, double crest_m);

// One more finding of the rule; `id` NULL = of no feature.
CT_CHECKED ct_err ct_domain__warn(ct_flood_domain *domain, ct_flood_rule rule, const char *id);
// Whether the feature lies wholly outside the grid; warns if so.
CT_CHECKED ct_err ct_domain__outside(bool *out, ct_flood_domain *domain, const ct_feature *feature);
// Findings about the edits and the ground as a whole.
CT_CHECKED ct_err ct_domain__survey(const ct_layers *layers);

#endif
