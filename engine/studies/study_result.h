// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kappascope {

/// Whether a claim of a paper was seen in what was measured.
enum class Verdict { Holds, HoldsPartly, DoesNotHold };

/// "holds", "holds partly", "does not hold".
const char* wordsOf(Verdict verdict);

/// One thing that a claim lets expect, and whether it was seen.
struct Finding {
    std::string expected; ///< "ReLU: BNP reads more test images right than the plain network"
    bool seen = false;
    std::string measured; ///< in words, with numbers and their spread
};

/// Holds when every finding was seen, partly when some were.
Verdict verdictOf(const std::vector<Finding>& findings);

/// A table of a report. The first column tells what a row is about.
struct StudyTable {
    std::string title;
    std::vector<std::string> head;
    std::vector<std::vector<std::string>> rows;
    std::string note;    ///< what the numbers are; may be empty
    bool folded = false; ///< supporting detail: shown on demand
};

/// An axis of a figure: numbers, or one place for each category.
struct FigureAxis {
    std::string label;
    bool logarithmic = false;
    std::vector<std::string> categories{}; ///< not empty: x is a position in it
};

/// A value with its spread: [low, high] holds `middle`.
struct FigurePoint {
    double x = 0, low = 0, middle = 0, high = 0;
};

/// One series. Values that are not finite, or not positive on a logarithmic axis, leave a gap.
struct FigureCurve {
    std::string name;
    int color = 0;       ///< position in the palette of the runs
    bool dashed = false; ///< theory and the like
    bool line = true;    ///< false: marks alone
    std::vector<FigurePoint> points;
};

/// A figure: curves with bands, or, over categories, marks with whiskers.
struct Figure {
    std::string key; ///< file name and anchor: letters, digits, '-'; unique in a report
    std::string title, caption;
    FigureAxis x, y;
    std::vector<FigureCurve> curves;
};

/// One measured number, a row of measurements.csv.
struct Measurement {
    std::string setting; ///< "batch 60, ReLU"
    std::string run;     ///< "BNP"
    double learningRate = 0;
    std::uint64_t seed = 0;
    std::string metric;
    std::int64_t step = 0;
    double value = 0;
};

/// What a study found out about one claim. A value.
struct StudyResult {
    std::vector<Finding> findings;
    std::vector<Figure> figures; ///< the first one is the claim's picture
    std::vector<StudyTable> tables;
    std::vector<std::string> notes; ///< what a reader must know to judge the numbers
    std::vector<Measurement> measurements;
    double processorSeconds = 0; ///< of all threads

    Verdict verdict() const { return verdictOf(findings); }
};

} // namespace kappascope
