// Groups of objects that are the storeys of a building: CityGML 2.0 knows no storeys, and says so
// by a group's class ("building separation") or function ("lod4Storey") instead.
#include <string.h>

#include "ingest/citygml/survey.h"

static ct_err is_storey(bool *out, ct_arena *arena, const xmlNode *group) {
    static const char *const told_by[] = {"class", "function", "usage"};
    const char *text;
    *out = false;
    for (const xmlNode *p = ct_citygml__first(group); p && !*out; p = ct_citygml__next(p))
        for (size_t i = 0; i < sizeof told_by / sizeof *told_by; i++) {
            if (!ct_citygml__named(p, told_by[i])) continue;
            CT_TRY(ct_citygml__text(&text, arena, p));
            *out |= ct_city__is_storey(text);
        }
    return CT_OK;
}

static ct_err reference_of(const char **out, ct_arena *arena, const xmlNode *node) {
    CT_TRY(ct_citygml__attr(out, arena, node, "href"));
    if (*out) *out = **out == '#' ? *out + 1 : NULL;
    return CT_OK;
}

// Members by reference, in roles (3.0) or not (2.0), and those that stand in the group.
static ct_err list_members(ct_citygml__survey *s, xmlNode *group, size_t number) {
    for (xmlNode *at = group; at; at = ct_citygml__walk(at, group)) {
        const char *id;
        if (!ct_citygml__named(at, "groupMember")) continue;
        CT_TRY(reference_of(&id, s->arena, at));
        const xmlNode *object = ct_citygml__first(at);
        if (!id && object) CT_TRY(ct_citygml__attr(&id, s->arena, object, "id"));
        if (id) CT_TRY(ct_strmap_put(s->in_group, id, number));
    }
    return CT_OK;
}

ct_err ct_citygml__survey_group(ct_citygml__reader *c, xmlNode *group) {
    ct_citygml__survey *s = c->survey;
    const xmlNode *parent = ct_citygml__child(group, "parent");
    ct_citygml__group made = {0};
    bool storey;
    CT_TRY(is_storey(&storey, c->member, group));
    CT_TRY(ct_citygml__attr(&made.id, s->arena, group, "id"));
    if (!storey || !made.id) return CT_OK;
    if (!parent) parent = ct_citygml__child(group, "groupParent");
    if (parent) CT_TRY(reference_of(&made.building, s->arena, parent));
    CT_TRY(ct_citygml__copy(&made.node, s, group, "groupMember"));
    void *groups = s->groups;
    CT_TRY(ct_citygml__room(&groups, &s->group_room, s->n_groups, sizeof *s->groups, s->arena));
    s->groups = groups;
    s->groups[s->n_groups] = made;
    CT_TRY(list_members(s, group, s->n_groups));
    return ct_strmap_put(s->group_at, made.id, s->n_groups++);
}

bool ct_citygml__is_storey_group(const ct_citygml__survey *s, const char *id) {
    size_t at;
    return s && id && ct_strmap_get(&at, s->group_at, id);
}

// ---- storeys ------------------------------------------------------------------------------------

static ct_city__object *building_of(ct_city__object *o) {
    while (o && strncmp(o->type, "Building", 8) != 0) o = o->parent;
    while (o && strcmp(o->type, "Building") != 0 && o->parent) o = o->parent;
    return o && strcmp(o->type, "Building") == 0 ? o : NULL;
}

// The group becomes the building's storey, unless it is another's.
static ct_err take_group(ct_citygml__reader *c, ct_citygml__group *g, ct_city__object *o) {
    ct_city__object *building = building_of(o);
    if (!building || (g->building && strcmp(g->building, building->id) != 0) ||
        (g->taken && !g->storey))
        return ct_city__count(&c->r, "storey-elsewhere",
                              "%zu objects are of a storey of another building, or of none, as a "
                              "%s",
                              o->type);
    if (!g->storey) {
        CT_TRY(ct_citygml__object(&g->storey, c, g->node, "BuildingStorey", 1));
        ct_city__add_child(building, g->storey);
        g->taken = true;
    }
    o->storey_id = g->id;
    return CT_OK;
}

ct_err ct_citygml__add_storeys(ct_citygml__reader *c, ct_city__object *root) {
    ct_citygml__survey *s = c->survey;
    size_t at;
    if (!s || s->n_groups == 0) return CT_OK;
    for (size_t i = 0; i < s->n_groups; i++) s->groups[i].storey = NULL; // of another family
    for (ct_city__object *o = root; o; o = ct_citygml__next_object(o, root)) {
        if (!ct_strmap_get(&at, s->in_group, o->id)) continue;
        CT_TRY(take_group(c, &s->groups[at], o));
    }
    return CT_OK;
}

ct_err ct_citygml__read_groups_left(ct_citygml__reader *c) {
    ct_citygml__survey *s = c->survey;
    for (size_t i = 0; s && i < s->n_groups; i++) {
        if (s->groups[i].taken) continue;
        CT_TRY(ct_city__count(&c->r, "storey-without-building",
                              "%zu storeys have no part of a building that is in the file: %s is "
                              "a zone",
                              s->groups[i].id));
        CT_TRY(ct_citygml__read_one(c, s->groups[i].node));
    }
    return CT_OK;
}
