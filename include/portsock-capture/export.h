/**
 * @file
 * PS_CAPTURE_API: what stands before the functions of the capture library, as PS_API does before
 * those of portsock.
 */
#ifndef PORTSOCK_CAPTURE_EXPORT_H
#define PORTSOCK_CAPTURE_EXPORT_H

#include "portsock/platform.h"

/** What stands before each function: it is the library's, which programs import. */
#ifdef PS_BUILDING_CAPTURE
#define PS_CAPTURE_API PS_EXPORT
#else
#define PS_CAPTURE_API PS_IMPORT
#endif

#endif
