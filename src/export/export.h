// Export: a stream of features into a file of another format. Knows no store; the caller reads the
// features, with their property sets where the format takes them, and hands them over class by
// class. The file is made in a stage beside its place and is there when all of it is.
//
//   ct_export_open; for each class: ct_export_class, then ct_export_put for each of its features;
//   for each building ct_export_indoor, where the format takes it; ct_export_commit (or
//   ct_export_abort at any time).
//
// Formats by the end of the name: GeoPackage (.gpkg; features and property sets), IFC4 (.ifc;
// buildings with what is in them), CityJSON 2.0 (.city.json) and CityJSONSeq (.city.jsonl); all but
// the first with bodies too. IndoorGML 1.0 (.indoor.gml): spaces and the ways between them.
#ifndef CT_EXPORT_EXPORT_H
#define CT_EXPORT_EXPORT_H

#include "model/feature.h"
#include "model/indoor/indoor.h"

typedef struct ct_export_options {
    const char *twin_crs; // code of the features' coordinates
    const char *title;    // of the twin, for formats that tell one; NULL = none
    bool replace;         // a file that is there is replaced; else CT_EXISTS
} ct_export_options;

typedef struct ct_export ct_export; // one thread at a time

// CT_UNSUPPORTED (no format ends so; the message lists those that are), CT_EXISTS, CT_NOTFOUND (the
// folder), CT_CRS, CT_IO.
CT_CHECKED ct_err ct_export_open(ct_export **out, const char *path,
                                 const ct_export_options *options);
// Whether the format takes property sets, bodies, features of the class, so that nobody reads them
// in vain.
bool ct_export_takes_properties(const ct_export *e);
bool ct_export_takes_bodies(const ct_export *e); // the same of bodies
bool ct_export_takes(const ct_export *e, const ct_class *cls);
// Class `i` from 0 of those that the format takes, in the order in which it must get them; NULL
// behind the last one.
const ct_class *ct_export_class_at(const ct_export *e, const ct_catalogue *catalogue, size_t i);

CT_CHECKED ct_err ct_export_class(ct_export *e, const ct_class *cls);
CT_CHECKED ct_err ct_export_put(ct_export *e, const ct_feature *feature); // of the class at work
// The indoor model of a building whose features have been put, for formats that take it: its ways
// between spaces, where no feature tells them.
bool ct_export_takes_indoor(const ct_export *e);
CT_CHECKED ct_err ct_export_indoor(ct_export *e, const ct_indoor *model);
int64_t ct_export_count(const ct_export *e); // features so far
// Ends the file and puts it in its place, durable. Frees the export whatever happens.
CT_CHECKED ct_err ct_export_commit(ct_export *e);
void ct_export_abort(ct_export *e); // leaves nothing behind; NULL is fine

#endif
