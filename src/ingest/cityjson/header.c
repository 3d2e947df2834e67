// What stands before the city objects: version, transform, reference system, vertices, materials,
// templates.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "ingest/cityjson/cityjson.h"

static ct_err numbers(double *out, size_t n, const ct_tape_value *array, const char *where) {
    if (!ct_tape_is(array, CT_TAPE_ARRAY) || array->n != n)
        return ct_fail(CT_PARSE, "%s: an array of %zu numbers expected", where, n);
    ct_tape_walk w = ct_tape_begin(array, CT_TAPE_ARRAY);
    for (size_t i = 0; i < n; i++) {
        const ct_tape_value *v = ct_tape_next(&w);
        if (!ct_tape_is_number(v)) return ct_fail(CT_PARSE, "%s[%zu]: a number expected", where, i);
        out[i] = ct_tape_number(v);
    }
    return CT_OK;
}

static ct_err check_version(ct_cityjson__document *d, const ct_tape_value *root) {
    const char *type, *version;
    CT_TRY(ct_tape_get_string(&type, d->r.arena, root, "type", "document"));
    if (strcmp(type, "CityJSON") != 0)
        return ct_fail(CT_UNSUPPORTED, "type: \"%s\" where CityJSON is due", type);
    CT_TRY(ct_tape_get_string(&version, d->r.arena, root, "version", "document"));
    if (version[0] != '1' && version[0] != '2')
        return ct_fail(CT_UNSUPPORTED, "version: CityJSON \"%s\"; 1.0, 1.1 and 2.0 are read",
                       version);
    if (strncmp(version, "1.0", 3) != 0 && strncmp(version, "1.1", 3) != 0 &&
        strncmp(version, "2.0", 3) != 0)
        ct_diagnostics_add(d->r.job->diagnostics, CT_SEVERITY_WARNING, "version", d->r.job->file,
                           "CityJSON %s is read as if it were 2.0", version);
    if (!ct_tape_get(root, "transform") && strncmp(version, "1.0", 3) != 0)
        ct_diagnostics_add(d->r.job->diagnostics, CT_SEVERITY_WARNING, "no-transform",
                           d->r.job->file, "CityJSON %s asks for a transform", version);
    return CT_OK;
}

static ct_err read_transform(ct_cityjson__document *d, const ct_tape_value *root) {
    const ct_tape_value *transform = ct_tape_get(root, "transform");
    if (!transform) return CT_OK;
    CT_TRY(numbers(d->scale, 3, ct_tape_get(transform, "scale"), "transform.scale"));
    CT_TRY(numbers(d->translate, 3, ct_tape_get(transform, "translate"), "transform.translate"));
    for (int k = 0; k < 3; k++)
        if (d->scale[k] == 0) return ct_fail(CT_PARSE, "transform.scale[%d]: 0", k);
    d->transformed = true;
    return CT_OK;
}

// ---- metadata -----------------------------------------------------------------------------------

static ct_err tell(ct_cityjson__document *d, ct_source_term term, const ct_tape_value *object,
                   const char *key) {
    const ct_tape_value *value = ct_tape_get(object, key);
    if (!ct_tape_is(value, CT_TAPE_STRING)) return CT_OK;
    const char *text = ct_tape_dup(d->r.arena, value);
    return text ? ct_source_tell(d->r.job->source, term, text) : CT_NOMEM;
}

// All of it as it stands, for whoever looks for more than the terms.
static ct_err keep_original(ct_cityjson__document *d, const ct_tape_value *metadata) {
    char *text = ct_tape_canonical(metadata);
    ct_err err = text ? CT_OK : CT_NOMEM;
    if (err == CT_OK && strlen(text) <= CT_SOURCE_ORIGINAL_MOST)
        err = ct_source_set(&d->r.job->source->original, text);
    else if (err == CT_OK)
        ct_diagnostics_add(d->r.job->diagnostics, CT_SEVERITY_INFO, "metadata", d->r.job->file,
                           "of metadata of more than %d bytes only the known terms are kept",
                           CT_SOURCE_ORIGINAL_MOST);
    ct_free(text);
    return err;
}

// CityJSON 2.0, 5; of 1.0 and of its extension for more metadata what has equal names.
static ct_err tell_source(ct_cityjson__document *d, const ct_tape_value *root) {
    static const struct {
        ct_source_term term;
        const char *key;
    } k_keys[] = {{CT_SOURCE_TITLE, "title"},
                  {CT_SOURCE_TITLE, "datasetTitle"},
                  {CT_SOURCE_DESCRIPTION, "abstract"},
                  {CT_SOURCE_IDENTIFIER, "identifier"},
                  {CT_SOURCE_IDENTIFIER, "fileIdentifier"},
                  {CT_SOURCE_DATE, "referenceDate"},
                  {CT_SOURCE_DATE, "datasetReferenceDate"}},
      k_contact[] = {{CT_SOURCE_CREATOR, "contactName"}, {CT_SOURCE_PUBLISHER, "organization"}};
    const ct_tape_value *metadata = ct_tape_get(root, "metadata"),
                        *contact = ct_tape_get(metadata, "pointOfContact"),
                        *limits = ct_tape_get(metadata, "constraints"),
                        *version = ct_tape_get(root, "version");
    char format[64];
    snprintf(format, sizeof format, "CityJSON %.*s", (int)(version->n < 32 ? version->n : 32),
             version->as.text);
    CT_TRY(ct_source_set(&d->r.job->source->format, format));
    if (!ct_tape_is(metadata, CT_TAPE_OBJECT)) return CT_OK;
    for (size_t i = 0; i < sizeof k_keys / sizeof *k_keys; i++)
        CT_TRY(tell(d, k_keys[i].term, metadata, k_keys[i].key));
    for (size_t i = 0; i < sizeof k_contact / sizeof *k_contact; i++)
        CT_TRY(tell(d, k_contact[i].term, contact, k_contact[i].key));
    CT_TRY(tell(d, CT_SOURCE_RIGHTS, limits, "legalConstraints"));
    return keep_original(d, metadata);
}

static ct_err read_crs(ct_cityjson__document *d, const ct_tape_value *root) {
    const ct_tape_value *metadata = ct_tape_get(root, "metadata");
    const char *crs;
    if (!metadata) return CT_OK;
    CT_TRY(ct_tape_string_or(&crs, d->r.arena, metadata, "referenceSystem", NULL, "metadata"));
    if (crs) d->r.crs_name = crs; // outlives the header's line
    return CT_OK;
}

// ---- points -------------------------------------------------------------------------------------

static ct_err read_points(double **out, size_t *n, ct_arena *arena, const ct_tape_value *array,
                          const char *where) {
    if (!ct_tape_is(array, CT_TAPE_ARRAY)) return ct_fail(CT_PARSE, "%s: an array expected", where);
    const size_t count = array->n;
    double *xyz = ct_arena_alloc(arena, (count + 1) * 3 * sizeof *xyz), *to = xyz;
    if (!xyz) return CT_NOMEM;
    ct_tape_walk w = ct_tape_begin(array, CT_TAPE_ARRAY);
    for (size_t i = 0; i < count; i++, to += 3) {
        const ct_tape_value *p = ct_tape_next(&w), *c = p + 1; // numbers stand side by side
        if (p->kind != CT_TAPE_ARRAY || p->n != 3 || !ct_tape_is_number(c) ||
            !ct_tape_is_number(c + 1) || !ct_tape_is_number(c + 2))
            return ct_fail(CT_PARSE, "%s[%zu]: an array of 3 numbers expected", where, i);
        for (int k = 0; k < 3; k++) to[k] = ct_tape_number(c + k);
    }
    *out = xyz;
    *n = count;
    return CT_OK;
}

#define TRANSFORM_POINTS                                                                           \
    for (size_t i = 0; i < n; i++)                                                                 \
        for (size_t k = 0; k < 3; k++)                                                             \
            xyz[3 * i + k] = fma(xyz[3 * i + k], d->scale[k], d->translate[k]);

#if defined(__x86_64__)
__attribute__((target("fma"))) static void transform_by_instruction(const ct_cityjson__document *d,
                                                                    double *xyz, size_t n) {
    TRANSFORM_POINTS
}
#endif

// Rounded once; where the machine has no instruction for that, the library takes longer.
static void transform_points(const ct_cityjson__document *d, double *xyz, size_t n) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("fma")) {
        transform_by_instruction(d, xyz, n);
        return;
    }
#endif
    TRANSFORM_POINTS
}

ct_err ct_cityjson__vertices(ct_cityjson__document *d, const ct_tape_value *root) {
    CT_TRY(read_points(&d->vertices, &d->n_vertices, d->texts, ct_tape_get(root, "vertices"),
                       "vertices"));
    if (d->transformed) transform_points(d, d->vertices, d->n_vertices);
    for (size_t i = 0; i < 3 * d->n_vertices; i++)
        if (!isfinite(d->vertices[i]))
            return ct_fail(CT_RANGE, "vertices[%zu]: not a finite number", i / 3);
    return CT_OK;
}

// ---- appearance ---------------------------------------------------------------------------------

static ct_err read_material(ct_material *out, ct_arena *arena, const ct_tape_value *of,
                            size_t index) {
    char where[64];
    const char *name;
    double rgb[3] = {0.8, 0.8, 0.8}, transparency;
    snprintf(where, sizeof where, "appearance.materials[%zu]", index);
    CT_TRY(ct_tape_string_or(&name, arena, of, "name", "", where));
    CT_TRY(ct_tape_number_or(&transparency, of, "transparency", 0, 0, 1, where));
    const ct_tape_value *color = ct_tape_get(of, "diffuseColor");
    if (color) CT_TRY(ct_context(numbers(rgb, 3, color, "diffuseColor"), "%s", where));
    *out = (ct_material){.name = name};
    for (int k = 0; k < 3; k++) out->rgba[k] = (float)fmin(fmax(rgb[k], 0), 1);
    out->rgba[3] = (float)(1 - transparency);
    return CT_OK;
}

// After the first `before` materials, which stay.
static ct_err read_materials(ct_cityjson__document *d, ct_arena *arena, size_t before,
                             const ct_tape_value *root) {
    const ct_tape_value *appearance = ct_tape_get(root, "appearance");
    const ct_tape_value *materials = ct_tape_get(appearance, "materials");
    const size_t n = ct_tape_count(materials, CT_TAPE_ARRAY);
    if (ct_tape_count(ct_tape_get(appearance, "textures"), CT_TAPE_ARRAY))
        ct_diagnostics_add_once(d->r.job->diagnostics, CT_SEVERITY_INFO, "textures", d->r.job->file,
                                "textures are left out; colours of materials are kept");
    if (!materials) return CT_OK;
    ct_material *made = ct_arena_calloc(arena, before + n + 1, sizeof *made);
    if (!made) return CT_NOMEM;
    if (before) memcpy(made, d->r.materials, before * sizeof *made);
    ct_tape_walk w = ct_tape_begin(materials, CT_TAPE_ARRAY);
    for (size_t i = 0; i < n; i++)
        CT_TRY(read_material(&made[before + i], arena, ct_tape_next(&w), i));
    d->r.materials = made;
    d->r.n_materials = before + n;
    d->first_material = before;
    return CT_OK;
}

ct_err ct_cityjson__appearance(ct_cityjson__document *d, const ct_tape_value *feature) {
    d->r.materials = d->header_materials;
    d->r.n_materials = d->n_header_materials;
    d->first_material = 0;
    return read_materials(d, d->texts, d->n_header_materials, feature);
}

static ct_err read_templates(ct_cityjson__document *d, const ct_tape_value *root) {
    const ct_tape_value *all = ct_tape_get(root, "geometry-templates");
    const ct_tape_value *templates = ct_tape_get(all, "templates");
    const size_t n = ct_tape_count(templates, CT_TAPE_ARRAY);
    double *xyz;
    ct_cityjson__points points = {0};
    if (n == 0) return CT_OK;
    CT_TRY(read_points(&xyz, &points.n, d->r.arena, ct_tape_get(all, "vertices-templates"),
                       "geometry-templates.vertices-templates"));
    points.xyz = xyz;
    d->patterns = ct_arena_calloc(d->r.arena, n, sizeof *d->patterns);
    if (!d->patterns) return CT_NOMEM;
    ct_tape_walk w = ct_tape_begin(templates, CT_TAPE_ARRAY);
    for (size_t i = 0; i < n; i++) {
        ct_city__object holder = {.type = "template", .id = "template"};
        CT_TRY(ct_context(ct_cityjson__geometry(d, &holder, d->r.arena, &points, ct_tape_next(&w)),
                          "geometry-templates.templates[%zu]", i));
        d->patterns[i] = (ct_city__pattern){.n_shapes = holder.n_shapes, .shapes = holder.shapes};
    }
    d->n_patterns = n;
    return CT_OK;
}

// Extensions by their names, and what they add to the document itself, for which there is no place.
static ct_err tell_extensions(ct_cityjson__document *d, const ct_tape_value *root) {
    ct_tape_walk w = ct_tape_begin(ct_tape_get(root, "extensions"), CT_TAPE_OBJECT);
    for (const ct_tape_value *key; (key = ct_tape_next(&w)); (void)ct_tape_next(&w))
        ct_diagnostics_add(
            d->r.job->diagnostics, CT_SEVERITY_INFO, "extension", d->r.job->file,
            "objects and attributes of the extension %.*s are read as they are named",
            (int)(key->n < 100 ? key->n : 100), key->as.text);
    w = ct_tape_begin(root, CT_TAPE_OBJECT);
    for (const ct_tape_value *key; (key = ct_tape_next(&w)); (void)ct_tape_next(&w)) {
        if (key->n == 0 || key->as.text[0] != '+') continue;
        const char *name = ct_tape_dup(d->r.arena, key);
        if (!name) return CT_NOMEM;
        CT_TRY(ct_city__count(&d->r, "extension-of-root",
                              "%zu properties that an extension adds to the document are left out, "
                              "as %s",
                              name));
    }
    return CT_OK;
}

ct_err ct_cityjson__header(ct_cityjson__document *d, const ct_tape_value *root) {
    if (!ct_tape_is(root, CT_TAPE_OBJECT)) return ct_fail(CT_PARSE, "an object expected");
    CT_TRY(check_version(d, root));
    CT_TRY(tell_source(d, root));
    CT_TRY(read_transform(d, root));
    CT_TRY(read_crs(d, root));
    CT_TRY(tell_extensions(d, root));
    CT_TRY(read_materials(d, d->r.arena, 0, root));
    d->header_materials = d->r.materials;
    d->n_header_materials = d->r.n_materials;
    return read_templates(d, root);
}
