// The frame of the file: units, contexts, the map conversion, places, GlobalIds, relations.
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "export/ifc/ifc.h"

enum { ARENA_BLOCK = 1 << 18 };

// ---- things and links ---------------------------------------------------------------------------

static void *grown(void *items, size_t *room, size_t n, size_t each) {
    if (n < *room) return items;
    const size_t wanted = *room ? 2 * *room : 256;
    void *out = ct_realloc(items, wanted * each);
    if (out) *room = wanted;
    return out;
}

ct_err ct_ifcx__thing_of(size_t *out, ct_ifcx *x, const char *id) {
    if (ct_strmap_get(out, x->things_by_id, id)) return CT_OK;
    ct_ifcx__thing *items = grown(x->things, &x->room_things, x->n_things, sizeof *items);
    if (!items) return CT_NOMEM;
    x->things = items;
    char *kept = ct_arena_strdup(x->arena, id);
    if (!kept) return CT_NOMEM;
    *out = x->n_things++;
    items[*out] = (ct_ifcx__thing){.id = kept, .parent = SIZE_MAX};
    return ct_strmap_put(x->things_by_id, kept, *out);
}

static ct_err add_link(ct_ifcx *x, const ct_ifcx__link *link) {
    ct_ifcx__link *items = grown(x->links, &x->room_links, x->n_links, sizeof *items);
    if (!items) return CT_NOMEM;
    x->links = items;
    items[x->n_links] = *link;
    items[x->n_links].number = x->n_links;
    x->n_links++;
    return CT_OK;
}

ct_err ct_ifcx__link_things(ct_ifcx *x, ct_ifcx__relation relation, size_t to, ct_step_id from) {
    return add_link(x, &(ct_ifcx__link){.relation = relation, .to_thing = to, .from = from});
}

ct_err ct_ifcx__link_to(ct_ifcx *x, ct_ifcx__relation relation, ct_step_id to, ct_step_id from) {
    return add_link(
        x, &(ct_ifcx__link){.relation = relation, .to_thing = SIZE_MAX, .to = to, .from = from});
}

bool ct_ifcx__shared(ct_step_id *out, const ct_ifcx *x, const char *key) {
    size_t id = 0;
    const bool there = ct_strmap_get(&id, x->shared, key);
    *out = id;
    return there;
}

ct_err ct_ifcx__share(ct_ifcx *x, const char *key, ct_step_id id) {
    const char *kept = ct_arena_strdup(x->arena, key);
    return kept ? ct_strmap_put(x->shared, kept, (size_t)id) : CT_NOMEM;
}

// ---- GlobalIds ----------------------------------------------------------------------------------

static bool is_guid(const char *text) {
    static const char alphabet[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$";
    return text && strspn(text, alphabet) == 22 && !text[22] && text[0] >= '0' && text[0] <= '3';
}

ct_err ct_ifcx__guid(const char **out, ct_ifcx *x, const char *own, const char *format, ...) {
    char seed[512], made[23];
    size_t ignored;
    va_list args;
    va_start(args, format);
    int n = vsnprintf(seed, sizeof seed, format, args);
    va_end(args);
    if (is_guid(own) && !ct_strmap_get(&ignored, x->guids, own)) {
        (void)snprintf(made, sizeof made, "%s", own);
    } else {
        ct_ifc_guid(made, seed);
        while (ct_strmap_get(&ignored, x->guids, made) && n > 0 && n < (int)sizeof seed - 2) {
            seed[n++] = '+';
            seed[n] = '\0';
            ct_ifc_guid(made, seed);
        }
    }
    *out = ct_arena_strdup(x->arena, made);
    return *out ? ct_strmap_put(x->guids, *out, 1) : CT_NOMEM;
}

// ---- places -------------------------------------------------------------------------------------

void ct_ifcx__local(double out[3], ct_ifcx *x, const double xyz[3]) {
    const double round_to_m = 100;
    if (!x->has_origin) {
        x->has_origin = true;
        for (int k = 0; k < 2; k++) x->origin[k] = floor(xyz[k] / round_to_m) * round_to_m;
    }
    for (int k = 0; k < 3; k++) out[k] = k < 2 ? xyz[k] - x->origin[k] : xyz[k];
}

void ct_ifcx__put_place(ct_ifcx *x, size_t thing, size_t parent, const double at[3],
                        const ct_affine *axes) {
    ct_ifcx__thing *t = &x->things[thing];
    if (t->place) return; // a part of it needed it before
    double from[3] = {at[0], at[1], at[2]};
    ct_step_id relative = 0, up = x->up, east = x->east;
    while (parent != SIZE_MAX && x->things[parent].turned) parent = x->things[parent].parent;
    if (parent != SIZE_MAX && x->things[parent].place) {
        relative = x->things[parent].place;
        for (int k = 0; k < 3; k++) from[k] -= x->things[parent].at[k];
    }
    memcpy(t->at, at, sizeof t->at);
    t->parent = parent;
    if (axes) {
        const double z[] = {axes->m[2], axes->m[6], axes->m[10]},
                     e[] = {axes->m[0], axes->m[4], axes->m[8]};
        t->turned = true;
        t->axes = *axes;
        up = ct_stepw_put(x->w, "IFCDIRECTION", "F", (size_t)3, z);
        east = ct_stepw_put(x->w, "IFCDIRECTION", "F", (size_t)3, e);
    }
    ct_step_id frame = x->frame;
    if (axes || from[0] != 0 || from[1] != 0 || from[2] != 0) {
        const ct_step_id point = ct_stepw_put(x->w, "IFCCARTESIANPOINT", "F", (size_t)3, from);
        frame = ct_stepw_put(x->w, "IFCAXIS2PLACEMENT3D", "rrr", point, up, east);
    }
    t->place = ct_stepw_put(x->w, "IFCLOCALPLACEMENT", "rr", relative, frame);
}

// ---- relations ----------------------------------------------------------------------------------

// One instance for each, in the order in which they came.
static bool is_single(ct_ifcx__relation relation) {
    return relation == CT_IFCX__BOUNDARY || relation == CT_IFCX__VOIDS;
}

static int by_target(const void *a, const void *b) {
    const ct_ifcx__link *l = a, *m = b;
    if (l->relation != m->relation) return l->relation < m->relation ? -1 : 1;
    if (is_single(l->relation)) return l->number < m->number ? -1 : 1;
    if (l->to_thing != m->to_thing) return l->to_thing < m->to_thing ? -1 : 1;
    if (l->to != m->to) return l->to < m->to ? -1 : 1;
    return l->number < m->number ? -1 : 1;
}

static ct_err put_group(ct_ifcx *x, const ct_ifcx__link *l, size_t n) {
    static const char *const keywords[] = {"IFCRELAGGREGATES",
                                           "IFCRELCONTAINEDINSPATIALSTRUCTURE",
                                           "IFCRELDEFINESBYPROPERTIES",
                                           "IFCRELASSOCIATESMATERIAL",
                                           "IFCRELASSOCIATESCLASSIFICATION",
                                           "IFCRELASSIGNSTOGROUP",
                                           "IFCRELSPACEBOUNDARY",
                                           "IFCRELVOIDSELEMENT"};
    const bool thing = l->to_thing != SIZE_MAX;
    const ct_step_id to = thing ? x->things[l->to_thing].entity : l->to;
    const char *guid;
    if (!to) return CT_OK; // it is not in the file
    if (thing)
        CT_TRY(ct_ifcx__guid(&guid, x, NULL, "relation/%d/%s/%zu", (int)l->relation,
                             x->things[l->to_thing].id, is_single(l->relation) ? l->number : 0));
    else
        CT_TRY(ct_ifcx__guid(&guid, x, NULL, "relation/%d/%llu", (int)l->relation,
                             (unsigned long long)to));
    const char *keyword = keywords[l->relation];
    if (l->relation == CT_IFCX__VOIDS) {
        ct_stepw_put(x->w, keyword, "sr$$rr", guid, x->owner, to, l->from);
        return CT_OK;
    }
    if (l->relation == CT_IFCX__BOUNDARY) {
        ct_stepw_put(x->w, keyword, "srs$rr$ee", guid, x->owner, "1stLevel", to, l->from,
                     "PHYSICAL", "NOTDEFINED");
        return CT_OK;
    }
    ct_stepw_begin(x->w, keyword);
    ct_stepw_text(x->w, guid);
    ct_stepw_ref(x->w, x->owner);
    ct_stepw_unset(x->w);
    ct_stepw_unset(x->w);
    if (l->relation == CT_IFCX__AGGREGATES) ct_stepw_ref(x->w, to);
    ct_stepw_open_list(x->w, NULL);
    for (size_t i = 0; i < n; i++) ct_stepw_ref(x->w, l[i].from);
    ct_stepw_close_list(x->w);
    if (l->relation == CT_IFCX__MEMBER) ct_stepw_unset(x->w);
    if (l->relation != CT_IFCX__AGGREGATES) ct_stepw_ref(x->w, to);
    ct_stepw_end(x->w);
    return CT_OK;
}

// What hangs on a thing that never came hangs on the project (spaces, storeys, buildings) or stays
// loose; the checks of the importer tell.
static void adopt(ct_ifcx *x) {
    for (size_t i = 0; i < x->n_links; i++) {
        ct_ifcx__link *l = &x->links[i];
        if (l->to_thing == SIZE_MAX || x->things[l->to_thing].entity ||
            l->relation != CT_IFCX__AGGREGATES)
            continue;
        l->to_thing = SIZE_MAX;
        l->to = x->project;
    }
}

ct_err ct_ifcx__put_relations(ct_ifcx *x) {
    adopt(x);
    if (x->n_links) qsort(x->links, x->n_links, sizeof *x->links, by_target);
    for (size_t i = 0, end; i < x->n_links; i = end) {
        const ct_ifcx__link *l = &x->links[i];
        for (end = i + 1; end < x->n_links; end++) {
            const ct_ifcx__link *m = &x->links[end];
            if (is_single(l->relation) || m->relation != l->relation ||
                m->to_thing != l->to_thing || m->to != l->to)
                break;
        }
        CT_TRY(put_group(x, l, end - i));
    }
    return CT_OK;
}

// ---- begin and end ------------------------------------------------------------------------------

static void put_basics(ct_ifcx *x) {
    static const double zero[] = {0, 0, 0}, up[] = {0, 0, 1}, east[] = {1, 0, 0};
    ct_stepw *w = x->w;
    const ct_step_id maker = ct_stepw_put(w, "IFCORGANIZATION", "$s$$$", "cimtwin");
    const ct_step_id person = ct_stepw_put(w, "IFCPERSON", "$s$$$$$$", "cimtwin");
    const ct_step_id both = ct_stepw_put(w, "IFCPERSONANDORGANIZATION", "rr$", person, maker);
    const ct_step_id program =
        ct_stepw_put(w, "IFCAPPLICATION", "rsss", maker, CT_VERSION, "cimtwin", "cimtwin");
    x->owner = ct_stepw_put(w, "IFCOWNERHISTORY", "rr$e$$$i", both, program, "NOCHANGE", 0);
    x->zero = ct_stepw_put(w, "IFCCARTESIANPOINT", "F", (size_t)3, zero);
    x->up = ct_stepw_put(w, "IFCDIRECTION", "F", (size_t)3, up);
    x->east = ct_stepw_put(w, "IFCDIRECTION", "F", (size_t)3, east);
    x->frame = ct_stepw_put(w, "IFCAXIS2PLACEMENT3D", "rrr", x->zero, x->up, x->east);
    x->context =
        ct_stepw_put(w, "IFCGEOMETRICREPRESENTATIONCONTEXT", "$sifr$", "Model", 3, 1e-6, x->frame);
    x->body = ct_stepw_put(w, "IFCGEOMETRICREPRESENTATIONSUBCONTEXT", "ss****r$e$", "Body", "Model",
                           x->context, "MODEL_VIEW");
}

static ct_err put_project(ct_ifcx *x) {
    static const char *const units[][2] = {{"LENGTHUNIT", "METRE"},
                                           {"AREAUNIT", "SQUARE_METRE"},
                                           {"VOLUMEUNIT", "CUBIC_METRE"},
                                           {"PLANEANGLEUNIT", "RADIAN"},
                                           {"THERMODYNAMICTEMPERATUREUNIT", "KELVIN"},
                                           {"TIMEUNIT", "SECOND"}};
    enum { UNITS = sizeof units / sizeof *units };
    ct_step_id ids[UNITS];
    const char *guid;
    for (size_t i = 0; i < UNITS; i++)
        ids[i] = ct_stepw_put(x->w, "IFCSIUNIT", "*e$e", units[i][0], units[i][1]);
    const ct_step_id all = ct_stepw_put(x->w, "IFCUNITASSIGNMENT", "R", (size_t)UNITS, ids);
    CT_TRY(ct_ifcx__guid(&guid, x, NULL, "project"));
    x->project = ct_stepw_put(x->w, "IFCPROJECT", "srs$$$$Rr", guid, x->owner, "Export of a twin",
                              (size_t)1, &x->context, all);
    return CT_OK;
}

static ct_err end(void *state, bool whole);

static ct_err begin(void **state, const char *path, const ct_export_options *options) {
    const ct_stepw_header header = {.view = "ReferenceView_V1.2",
                                    .schema = "IFC4",
                                    .name = "twin",
                                    .time = "1970-01-01T00:00:00", // the same twin, the same bytes
                                    .author = "",
                                    .organisation = "",
                                    .system = "cimtwin " CT_VERSION};
    ct_ifcx *x = ct_calloc(1, sizeof *x);
    if (!x) return CT_NOMEM;
    x->first_site = SIZE_MAX;
    x->arena = ct_arena_new(ARENA_BLOCK, 0);
    x->things_by_id = ct_strmap_new(1024);
    x->guids = ct_strmap_new(1024);
    x->shared = ct_strmap_new(1024);
    x->crs = x->arena ? ct_arena_strdup(x->arena, options->twin_crs) : NULL;
    ct_err err = x->crs && x->things_by_id && x->guids && x->shared ? CT_OK : CT_NOMEM;
    if (err == CT_OK) err = ct_stepw_open(&x->w, path, &header);
    if (err == CT_OK) {
        put_basics(x);
        err = put_project(x);
    }
    if (err == CT_OK) {
        *state = x;
        return CT_OK;
    }
    const ct_err ignored = end(x, false);
    (void)ignored;
    return err;
}

static ct_err begin_class(void *state, const ct_class *cls) {
    ((ct_ifcx *)state)->cls = cls;
    return CT_OK;
}

static ct_err put(void *state, const ct_feature *feature) {
    return ct_ifcx__object(state, feature);
}

static void put_map_conversion(ct_ifcx *x) {
    const ct_step_id metre = ct_stepw_put(x->w, "IFCSIUNIT", "*e$e", "LENGTHUNIT", "METRE");
    const ct_step_id crs = ct_stepw_put(x->w, "IFCPROJECTEDCRS", "s$$$$$r", x->crs, metre);
    ct_stepw_put(x->w, "IFCMAPCONVERSION", "rrffffff", x->context, crs, x->origin[0], x->origin[1],
                 0.0, 1.0, 0.0, 1.0);
}

static ct_err end(void *state, bool whole) {
    ct_ifcx *x = state;
    ct_err err = CT_OK;
    if (whole) {
        put_map_conversion(x);
        err = ct_ifcx__put_relations(x);
    }
    const ct_err closed = ct_stepw_close(x->w, whole && err == CT_OK);
    ct_strmap_free(x->things_by_id);
    ct_strmap_free(x->guids);
    ct_strmap_free(x->shared);
    ct_arena_free(x->arena);
    ct_free(x->things);
    ct_free(x->links);
    ct_free(x);
    return err == CT_OK ? closed : err;
}

const ct_export__format ct_export__ifc = {.extension = ".ifc",
                                          .takes_properties = true,
                                          .takes_bodies = true,
                                          .classes = ct_ifcx__classes,
                                          .begin = begin,
                                          .begin_class = begin_class,
                                          .put = put,
                                          .end = end};
