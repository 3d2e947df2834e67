// Who lives and works here: households to the exact number of residents, organisations, governance
// cells.
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "town.h"

typedef struct dwelling {
    uint64_t key; // random order of occupation
    int building; // index in the town
    int bay, level, door;
    int members; // 0 = vacant
} dwelling;

static int by_key(const void *a, const void *b) {
    const dwelling *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return 0;
}

static int by_place(const void *a, const void *b) {
    const dwelling *x = a, *y = b;
    if (x->building != y->building) return x->building - y->building;
    if (x->bay != y->bay) return x->bay - y->bay;
    if (x->level != y->level) return x->level - y->level;
    return x->door - y->door;
}

static int community_of(const sc_town *town, const sc_building *b) {
    return town->plan->blocks[b->block].community;
}

// Every dwelling of the community. NULL when out of memory; caller frees.
static dwelling *list_dwellings(const sc_town *town, int community, size_t *count) {
    size_t n = 0;
    for (size_t i = 0; i < town->n_buildings; i++)
        if (community_of(town, &town->buildings[i]) == community)
            n += (size_t)town->buildings[i].units;
    dwelling *list = ct_calloc(n ? n : 1, sizeof *list);
    if (!list) return NULL;
    n = 0;
    for (size_t i = 0; i < town->n_buildings; i++) {
        const sc_building *b = &town->buildings[i];
        if (community_of(town, b) != community) continue;
        for (int k = 0; k < b->units; k++) {
            int door = k % b->units_per_bay, level = k / b->units_per_bay % b->storeys;
            list[n] = (dwelling){.building = (int)i,
                                 .door = door,
                                 .level = level,
                                 .bay = k / b->units_per_bay / b->storeys};
            list[n++].key = ct_rng_u64((uint64_t)town->world->params->seed,
                                       (uint64_t)i << 20 | (uint64_t)k, 0, SC_DRAW_OCCUPIED);
        }
    }
    *count = n;
    return list;
}

static int draw_members(const sc_params *p, uint64_t key) {
    double sum = 0, at = 0;
    for (int k = 0; k < SC_MAX_MEMBERS; k++) sum += p->household_sizes[k];
    double t = sum * ct_rng_unit((uint64_t)p->seed, key, 0, SC_DRAW_SIZE);
    for (int k = 0; k < SC_MAX_MEMBERS; k++) {
        at += p->household_sizes[k];
        if (t < at) return k + 1;
    }
    return 1;
}

// Families move into dwellings in random order until the last resident has a home.
static ct_err occupy(const sc_params *p, dwelling *list, size_t n) {
    int left = p->residents;
    qsort(list, n, sizeof *list, by_key);
    for (size_t i = 0; i < n && left > 0; i++) {
        int members = draw_members(p, list[i].key);
        list[i].members = members < left ? members : left;
        left -= list[i].members;
    }
    qsort(list, n, sizeof *list, by_place);
    if (left > 0)
        return ct_fail(CT_RANGE, "people.residents: %d do not find a home in %zu dwellings", left,
                       n);
    return CT_OK;
}

typedef struct ages {
    int children, adults, elderly, limited;
} ages;

static ages draw_ages(const sc_params *p, uint64_t key, int members) {
    double u = ct_rng_unit((uint64_t)p->seed, key, 0, SC_DRAW_AGES);
    double v = ct_rng_unit((uint64_t)p->seed, key, 1, SC_DRAW_AGES);
    ages a = {0};
    if (members == 1) a.elderly = u < 0.30;
    if (members == 2) a.elderly = u < 0.26 ? 2 : u < 0.32 ? 1 : 0;
    if (members == 2 && u > 0.94) a.children = 1;
    if (members == 3) a.children = u < 0.72;
    if (members == 3 && a.children == 0) a.elderly = v < 0.4;
    if (members >= 4) {
        a.children = u < 0.5 ? 2 : 1;
        a.elderly = members >= 5 ? 2 : v < 0.35;
    }
    a.adults = members - a.children - a.elderly;
    for (int k = 0; k < a.elderly; k++)
        a.limited += ct_rng_unit((uint64_t)p->seed, key, (uint32_t)k, SC_DRAW_LIMITED) < 0.14;
    for (int k = 0; k < a.adults; k++)
        a.limited += ct_rng_unit((uint64_t)p->seed, key, 16 + (uint32_t)k, SC_DRAW_LIMITED) < 0.012;
    return a;
}

static void add_household(sc_town *town, const dwelling *d) {
    sc_world *w = town->world;
    sc_building *b = &town->buildings[d->building];
    char unit[48];
    if (b->bays > 1)
        snprintf(unit, sizeof unit, "%d-%d%02d", d->bay + 1, d->level + 1, d->door + 1);
    else
        snprintf(unit, sizeof unit, "%d%02d", d->level + 1, d->door + 1);
    ages a = draw_ages(w->params, d->key, d->members);
    ct_feature *f = sc_add(w, "household", "hh-%s-%s", b->id + 5, unit);
    sc_text(w, f, "building", "%s", b->id);
    sc_text(w, f, "unit_no", "%s", unit);
    sc_number(w, f, "storey_level", d->level);
    sc_number(w, f, "members", d->members);
    sc_number(w, f, "children", a.children);
    sc_number(w, f, "adults", a.adults);
    sc_number(w, f, "elderly", a.elderly);
    sc_number(w, f, "limited_mobility", a.limited);
    b->households++;
    b->residents += d->members;
}

static void settle(sc_town *town, int community) {
    size_t n = 0;
    dwelling *list = list_dwellings(town, community, &n);
    if (!list) {
        sc_world_stick(town->world, CT_NOMEM);
        return;
    }
    sc_world_stick(town->world, occupy(town->world->params, list, n));
    for (size_t i = 0; i < n; i++)
        if (list[i].members) add_household(town, &list[i]);
    ct_free(list);
}

static void add_organisation(sc_town *town, const sc_building *b, int number, const char *kind,
                             int staff, const char *en, const char *zh) {
    sc_world *w = town->world;
    ct_feature *f = sc_add(w, "unit", "org-%s-%02d", b->id + 5, number);
    sc_text(w, f, "kind", "%s", kind);
    sc_text(w, f, "building", "%s", b->id);
    sc_number(w, f, "staff", staff);
    sc_named(w, f, en, zh);
}

// Shops and companies by floor area; one organisation for a public building.
static void employ(sc_town *town, size_t index) {
    sc_world *w = town->world;
    const sc_building *b = &town->buildings[index];
    const ct_feature *f = &sc_world_layer(w, "building")->items[b->feature];
    const char *en = ct_feature_text(f, "name", ""), *zh = ct_feature_text(f, "name_zh", "");
    double area = b->footprint_m2 * b->storeys;
    bool shops = b->use[0] == 'c' && b->use[1] == 'o'; // commercial
    bool market = b->use[0] == 'm', office = b->use[0] == 'o';
    if (b->units_per_bay || b->use[0] == 'g' || b->use[0] == 'u') return;
    if (!shops && !market && !office) {
        int staff = sc_pick(w, index, SC_DRAW_STAFF, (int)(area / 160) + 2, (int)(area / 90) + 4);
        add_organisation(town, b, 1, "institution", staff, en, zh);
        return;
    }
    int count = (int)fmin(40, area / (office ? 500 : 220));
    for (int k = 0; k < count; k++) {
        uint64_t entity = index * 64 + (uint64_t)k;
        char name[96], name_zh[96];
        snprintf(name, sizeof name, "%s %d, %s",
                 office   ? "Company"
                 : market ? "Stall"
                          : "Shop",
                 k + 1, en);
        snprintf(name_zh, sizeof name_zh, "%s%d号%s", zh, k + 1,
                 office   ? "企业"
                 : market ? "摊位"
                          : "商铺");
        add_organisation(town, b, k + 1, office ? "company" : "shop",
                         office ? sc_pick(w, entity, SC_DRAW_STAFF, 6, 42)
                                : sc_pick(w, entity, SC_DRAW_STAFF, 1, 9),
                         name, name_zh);
    }
}

// The property management sits in the first building of each compound.
static void manage(sc_town *town, const sc_block *block) {
    if (!sc_is_residential(block->programme->kind)) return;
    for (size_t i = 0; i < town->n_buildings; i++) {
        if (town->buildings[i].block != block->index) continue;
        char en[128], zh[128];
        snprintf(en, sizeof en, "%s, property management", block->programme->name.en);
        snprintf(zh, sizeof zh, "%s物业服务中心", block->programme->name.zh);
        add_organisation(town, &town->buildings[i], 1, "property_management",
                         sc_pick(town->world, (uint64_t)block->index, SC_DRAW_STAFF, 14, 30), en,
                         zh);
        return;
    }
}

void sc_lay_people(sc_town *town) {
    for (int c = 0; c < town->world->params->factor; c++) settle(town, c);
    for (size_t i = 0; sc_world_status(town->world) == CT_OK && i < town->n_buildings; i++) {
        const sc_building *b = &town->buildings[i];
        ct_feature *f = &sc_world_layer(town->world, "building")->items[b->feature];
        sc_number(town->world, f, "households", b->households);
        sc_number(town->world, f, "residents", b->residents);
        employ(town, i);
    }
    for (int k = 0; k < town->plan->n_blocks; k++) manage(town, &town->plan->blocks[k]);
}
