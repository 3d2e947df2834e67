// The entities of shapes, as the code tells them apart: representation items, curves, surfaces,
// profiles. Each instance of a file has one kind: that of the nearest of its entity's supertypes
// which the list names.
#ifndef CT_INGEST_IFC_SHAPE_KINDS_H
#define CT_INGEST_IFC_SHAPE_KINDS_H

#include "ingest/ifc/model.h"

// Those that a schema lacks have no instances in its files.
#define CT_IFC__SHAPE_LIST(X)                                                                      \
    /* solids and surfaces */                                                                      \
    X(EXTRUDED_TAPERED, "IfcExtrudedAreaSolidTapered")                                             \
    X(EXTRUDED, "IfcExtrudedAreaSolid")                                                            \
    X(REVOLVED_TAPERED, "IfcRevolvedAreaSolidTapered")                                             \
    X(REVOLVED, "IfcRevolvedAreaSolid")                                                            \
    X(DISK_POLYGONAL, "IfcSweptDiskSolidPolygonal")                                                \
    X(DISK, "IfcSweptDiskSolid")                                                                   \
    X(FIXED_REFERENCE, "IfcFixedReferenceSweptAreaSolid")                                          \
    X(SURFACE_CURVE_SWEPT, "IfcSurfaceCurveSweptAreaSolid")                                        \
    X(SECTIONED_HORIZONTAL, "IfcSectionedSolidHorizontal")                                         \
    X(SECTIONED_SPINE, "IfcSectionedSpine")                                                        \
    X(SECTIONED_SURFACE, "IfcSectionedSurface")                                                    \
    X(FACETED_BREP, "IfcFacetedBrep")                                                              \
    X(ADVANCED_BREP, "IfcAdvancedBrep")                                                            \
    X(MANIFOLD_BREP, "IfcManifoldSolidBrep")                                                       \
    X(FACE_BASED, "IfcFaceBasedSurfaceModel")                                                      \
    X(SHELL_BASED, "IfcShellBasedSurfaceModel")                                                    \
    X(TRIANGULATED, "IfcTriangulatedFaceSet")                                                      \
    X(POLYGONAL, "IfcPolygonalFaceSet")                                                            \
    X(BLOCK, "IfcBlock")                                                                           \
    X(PYRAMID, "IfcRectangularPyramid")                                                            \
    X(CONE, "IfcRightCircularCone")                                                                \
    X(CYLINDER, "IfcRightCircularCylinder")                                                        \
    X(SPHERE, "IfcSphere")                                                                         \
    X(CSG_SOLID, "IfcCsgSolid")                                                                    \
    X(BOOLEAN_CLIPPING, "IfcBooleanClippingResult")                                                \
    X(BOOLEAN_RESULT, "IfcBooleanResult")                                                          \
    X(HALF_SPACE_POLYGONAL, "IfcPolygonalBoundedHalfSpace")                                        \
    X(HALF_SPACE_BOXED, "IfcBoxedHalfSpace")                                                       \
    X(HALF_SPACE, "IfcHalfSpaceSolid")                                                             \
    X(MAPPED, "IfcMappedItem")                                                                     \
    X(BOX, "IfcBoundingBox")                                                                       \
    X(SET, "IfcGeometricSet")                                                                      \
    X(TEXT, "IfcTextLiteral")                                                                      \
    X(ANNOTATION_FILL, "IfcAnnotationFillArea")                                                    \
    X(LIGHT, "IfcLightSource")                                                                     \
    /* topology */                                                                                 \
    X(FACE_SET, "IfcConnectedFaceSet")                                                             \
    X(ADVANCED_FACE, "IfcAdvancedFace")                                                            \
    X(FACE_SURFACE, "IfcFaceSurface")                                                              \
    X(FACE, "IfcFace")                                                                             \
    X(POLY_LOOP, "IfcPolyLoop")                                                                    \
    X(EDGE_LOOP, "IfcEdgeLoop")                                                                    \
    X(VERTEX_LOOP, "IfcVertexLoop")                                                                \
    X(ORIENTED_EDGE, "IfcOrientedEdge")                                                            \
    X(EDGE_CURVE, "IfcEdgeCurve")                                                                  \
    X(EDGE, "IfcEdge")                                                                             \
    X(VERTEX_POINT, "IfcVertexPoint")                                                              \
    /* points */                                                                                   \
    X(POINT, "IfcCartesianPoint")                                                                  \
    X(POINT_ON_CURVE, "IfcPointOnCurve")                                                           \
    X(POINT_ON_SURFACE, "IfcPointOnSurface")                                                       \
    X(POINT_BY_DISTANCE, "IfcPointByDistanceExpression")                                           \
    /* curves */                                                                                   \
    X(POLYLINE, "IfcPolyline")                                                                     \
    X(INDEXED_CURVE, "IfcIndexedPolyCurve")                                                        \
    X(TRIMMED, "IfcTrimmedCurve")                                                                  \
    X(GRADIENT, "IfcGradientCurve")                                                                \
    X(SEGMENTED, "IfcSegmentedReferenceCurve")                                                     \
    X(COMPOSITE, "IfcCompositeCurve")                                                              \
    X(COMPOSITE_SEGMENT, "IfcCompositeCurveSegment")                                               \
    X(CURVE_SEGMENT, "IfcCurveSegment")                                                            \
    X(LINE, "IfcLine")                                                                             \
    X(CIRCLE, "IfcCircle")                                                                         \
    X(ELLIPSE, "IfcEllipse")                                                                       \
    X(RATIONAL_CURVE, "IfcRationalBSplineCurveWithKnots")                                          \
    X(RATIONAL_BEZIER, "IfcRationalBezierCurve")                                                   \
    X(SPLINE_CURVE, "IfcBSplineCurve")                                                             \
    X(OFFSET_2D, "IfcOffsetCurve2D")                                                               \
    X(OFFSET_3D, "IfcOffsetCurve3D")                                                               \
    X(OFFSET_BY_DISTANCES, "IfcOffsetCurveByDistances")                                            \
    X(CLOTHOID, "IfcClothoid")                                                                     \
    X(COSINE_SPIRAL, "IfcCosineSpiral")                                                            \
    X(SINE_SPIRAL, "IfcSineSpiral")                                                                \
    X(SPIRAL, "IfcSpiral")                                                                         \
    X(POLYNOMIAL, "IfcPolynomialCurve")                                                            \
    X(SURFACE_CURVE, "IfcSurfaceCurve")                                                            \
    X(PCURVE, "IfcPcurve")                                                                         \
    /* surfaces */                                                                                 \
    X(PLANE, "IfcPlane")                                                                           \
    X(CYLINDRICAL, "IfcCylindricalSurface")                                                        \
    X(SPHERICAL, "IfcSphericalSurface")                                                            \
    X(TOROIDAL, "IfcToroidalSurface")                                                              \
    X(LINEAR_EXTRUSION, "IfcSurfaceOfLinearExtrusion")                                             \
    X(REVOLUTION, "IfcSurfaceOfRevolution")                                                        \
    X(RATIONAL_SURFACE, "IfcRationalBSplineSurfaceWithKnots")                                      \
    X(SPLINE_SURFACE, "IfcBSplineSurface")                                                         \
    X(CURVE_BOUNDED_PLANE, "IfcCurveBoundedPlane")                                                 \
    X(CURVE_BOUNDED, "IfcCurveBoundedSurface")                                                     \
    X(RECTANGULAR_TRIMMED, "IfcRectangularTrimmedSurface")                                         \
    /* profiles */                                                                                 \
    X(P_VOIDS, "IfcArbitraryProfileDefWithVoids")                                                  \
    X(P_CLOSED, "IfcArbitraryClosedProfileDef")                                                    \
    X(P_CENTRE_LINE, "IfcCenterLineProfileDef")                                                    \
    X(P_OPEN, "IfcArbitraryOpenProfileDef")                                                        \
    X(P_COMPOSITE, "IfcCompositeProfileDef")                                                       \
    X(P_MIRRORED, "IfcMirroredProfileDef")                                                         \
    X(P_DERIVED, "IfcDerivedProfileDef")                                                           \
    X(P_OPEN_CROSS, "IfcOpenCrossProfileDef")                                                      \
    X(P_ASYMMETRIC_I, "IfcAsymmetricIShapeProfileDef")                                             \
    X(P_I, "IfcIShapeProfileDef")                                                                  \
    X(P_L, "IfcLShapeProfileDef")                                                                  \
    X(P_T, "IfcTShapeProfileDef")                                                                  \
    X(P_U, "IfcUShapeProfileDef")                                                                  \
    X(P_C, "IfcCShapeProfileDef")                                                                  \
    X(P_Z, "IfcZShapeProfileDef")                                                                  \
    X(P_CIRCLE_HOLLOW, "IfcCircleHollowProfileDef")                                                \
    X(P_CIRCLE, "IfcCircleProfileDef")                                                             \
    X(P_ELLIPSE, "IfcEllipseProfileDef")                                                           \
    X(P_RECTANGLE_HOLLOW, "IfcRectangleHollowProfileDef")                                          \
    X(P_ROUNDED, "IfcRoundedRectangleProfileDef")                                                  \
    X(P_RECTANGLE, "IfcRectangleProfileDef")                                                       \
    X(P_TRAPEZIUM, "IfcTrapeziumProfileDef")                                                       \
    X(P_RAIL_A, "IfcCraneRailAShapeProfileDef")                                                    \
    X(P_RAIL_F, "IfcCraneRailFShapeProfileDef")

typedef enum ct_ifc__kind {
    CT_IFC__K_OTHER, // none of the list
#define CT_IFC__SHAPE_ENUM(name, text) CT_IFC__K_##name,
    CT_IFC__SHAPE_LIST(CT_IFC__SHAPE_ENUM)
#undef CT_IFC__SHAPE_ENUM
        CT_IFC__N_KINDS
} ct_ifc__kind;

// The kind of each type of the file (ct_step__type); ct_free frees it. CT_NOMEM.
CT_CHECKED ct_err ct_ifc__kinds_new(uint8_t **out, const ct_ifc__model *m);

#endif
