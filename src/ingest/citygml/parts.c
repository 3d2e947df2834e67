// Objects that stand in a member of their own and are a part of another object, which only links to
// them: a part of a building, a room of it. They are read with that object, from the copy that the
// survey keeps, once.
#include <string.h>

#include "ingest/citygml/survey.h"

bool ct_citygml__is_part_link(const char *tag, size_t n) {
    static const char *const names[] = {"consistsOfBuildingPart",
                                        "buildingPart",
                                        "interiorRoom",
                                        "buildingRoom",
                                        "buildingUnit",
                                        "buildingSubdivision",
                                        "storey",
                                        "outerBuildingInstallation",
                                        "interiorBuildingInstallation",
                                        "roomInstallation",
                                        "buildingInstallation",
                                        "interiorFurniture",
                                        "buildingFurniture",
                                        "buildingConstructiveElement",
                                        "consistsOfBridgePart",
                                        "bridgePart",
                                        "interiorBridgeRoom",
                                        "bridgeRoom",
                                        "outerBridgeConstruction",
                                        "outerBridgeInstallation",
                                        "bridgeInstallation",
                                        "bridgeConstructiveElement",
                                        "consistsOfTunnelPart",
                                        "tunnelPart",
                                        "interiorHollowSpace",
                                        "hollowSpace",
                                        "outerTunnelInstallation",
                                        "tunnelInstallation",
                                        "tunnelConstructiveElement",
                                        "section",
                                        "intersection",
                                        "trafficSpace",
                                        "auxiliaryTrafficSpace",
                                        "reliefComponent"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == n && memcmp(names[i], tag, n) == 0) return true;
    return false;
}

bool ct_citygml__is_claimed(const ct_citygml__survey *s, const char *id) {
    size_t state, at;
    return s && id && ct_strmap_get(&state, s->claimed, id) && state != CT_CITYGML__LET_GO &&
           ct_strmap_get(&at, s->kept, id);
}

ct_err ct_citygml__set_claim(ct_citygml__survey *s, const char *id, size_t state) {
    const char *kept = ct_arena_strdup(s->arena, id);
    return kept ? ct_strmap_put(s->claimed, kept, state) : CT_NOMEM;
}

// A copy as what is read, with the colours that stand in it.
static ct_err begin(ct_citygml__reader *c, const char *id, xmlNode *node) {
    CT_TRY(ct_citygml__set_claim(c->survey, id, CT_CITYGML__TAKEN));
    return c->colours ? ct_citygml__colours(c, node, c->colours, c->member) : CT_OK;
}

ct_err ct_citygml__take_part(xmlNode **out, ct_citygml__reader *c, const xmlNode *property) {
    ct_citygml__survey *s = c->survey;
    const char *name = ct_citygml__name(property), *href;
    size_t at, state;
    *out = NULL;
    if (!ct_citygml__is_part_link(name, strlen(name))) return CT_OK;
    CT_TRY(ct_citygml__attr(&href, c->r.job->arena, property, "href"));
    if (!s || !href || *href != '#' || ct_strmap_get(&at, c->ids, ++href)) return CT_OK;
    if (!ct_citygml__is_claimed(s, href) || !ct_strmap_get(&at, s->kept, href)) return CT_OK;
    if (ct_strmap_get(&state, s->claimed, href) && state == CT_CITYGML__TAKEN)
        return ct_city__count(&c->r, "part-of-two",
                              "%zu links to parts lead to one that is another object's, or holds "
                              "this one, as that of a %s; they stay a property",
                              name);
    *out = s->nodes[at];
    return begin(c, href, *out);
}

// With what its own member had, all is found in the copies.
static ct_err read_left(ct_citygml__reader *c, const char *id, xmlNode *node) {
    ct_arena_reset(c->member);
    ct_arena_reset(c->r.family);
    ct_arena_reset(c->r.job->arena);
    c->ids = ct_strmap_new(16);
    c->colours = ct_strmap_new(16);
    bool current = false;
    ct_err err = c->ids && c->colours ? begin(c, id, node) : CT_NOMEM;
    if (err == CT_OK) err = ct_citygml__is_current(&current, c, node);
    if (err == CT_OK && current) err = ct_citygml__read_one(c, node);
    ct_strmap_free(c->ids);
    ct_strmap_free(c->colours);
    c->ids = c->colours = NULL;
    return err;
}

ct_err ct_citygml__read_parts_left(ct_citygml__reader *c) {
    ct_citygml__survey *s = c->survey;
    for (size_t i = 0; s && i < s->n_kept; i++) {
        const char *id;
        size_t state;
        if (ct_strmap_count(s->claimed) == 0) return CT_OK;
        CT_TRY(ct_citygml__attr(&id, s->arena, s->nodes[i], "id"));
        if (id && ct_strmap_get(&state, s->claimed, id) && state == CT_CITYGML__CLAIMED)
            CT_TRY(read_left(c, id, s->nodes[i]));
    }
    return CT_OK;
}
