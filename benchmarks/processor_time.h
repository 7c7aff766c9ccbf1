// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace kappascope {

/// Processor time that has been used so far, in seconds: of this process, by what its threads do, and of the
/// display server that paints its window, where it runs on this machine and is known. On Linux; elsewhere all
/// 0. Any thread.
struct ProcessorTime {
    double window = 0;    ///< the main thread
    double training = 0;  ///< in the background of the window
    double views = 0;     ///< maps and pictures
    double curvature = 0; ///< measured beside the training
    double others = 0;    ///< of this process
    double server = 0;    ///< the display server
    double idle = 0;      ///< of all processors of the machine

    static ProcessorTime now();
    ProcessorTime operator-(const ProcessorTime& earlier) const;
    ProcessorTime& operator+=(const ProcessorTime& more);
};

} // namespace kappascope
