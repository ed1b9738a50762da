/**
 * @file
 * portsock-capture: the packets that pass through an interface, their filters, protocols and
 * files.
 *
 * An application includes this header together with <portsock.h>, which it brings in. It is a
 * library of its own, libportsock-capture, on the public functions of libportsock: the CMake
 * target portsock::capture, or pkg-config's portsock-capture. The conventions are those of
 * <portsock.h>.
 */
#ifndef PORTSOCK_CAPTURE_H
#define PORTSOCK_CAPTURE_H

#include "portsock.h"

#include "portsock-capture/capture.h"
#include "portsock-capture/capture_file.h"
#include "portsock-capture/dissect.h"
#include "portsock-capture/filter.h"

#endif
