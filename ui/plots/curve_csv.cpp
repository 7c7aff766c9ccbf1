// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_csv.h"

#include "engine/files/csv_text.h"

namespace kappascope::ui {

namespace {

constexpr int finest = 1 << 24; ///< a width that no history is too fine for

QByteArray number(double value) {
    constexpr int digits = 17; // read back as the same bits
    return QByteArray::fromStdString(kappascope::formatNumber(value, digits));
}

} // namespace

void writeCurveCsv(const PlotScene& scene, const PlotSpec& spec, int layer, const CsvRange& range,
                   QIODevice& out) {
    out.write("run,step,metric,layer,value,last_step,minimum,maximum,count,not_finite\n");
    const QByteArray layerField = layer == SeriesKey::wholeNetwork ? QByteArray() : QByteArray::number(layer);
    std::vector<Series::Block> blocks;
    for (const PlotRun& run : scene.runs) {
        if (run.hidden || !run.history) continue;
        for (const SeriesSpec& series : spec.series) {
            const SeriesKey key{series.metric, layer};
            blocks.clear();
            const std::int64_t last = std::min(range.toStep, run.history->lastStep(key));
            run.history->query(key, range.fromStep, last, finest, blocks);
            for (const Series::Block& block : blocks) {
                // A query gives one block more on either side.
                if (block.last < range.fromStep || block.first > range.toStep) continue;
                const bool finite = block.count > 0;
                const QByteArray fields[] = {QByteArray::fromStdString(csvField(run.name.toStdString())),
                                             QByteArray::number(qint64(block.first)),
                                             QByteArray::fromStdString(series.metric),
                                             layerField,
                                             finite ? number(block.mean) : QByteArray("nan"),
                                             QByteArray::number(qint64(block.last)),
                                             finite ? number(block.minimum) : QByteArray(),
                                             finite ? number(block.maximum) : QByteArray(),
                                             QByteArray::number(block.count),
                                             QByteArray::number(block.notFinite)};
                out.write(QByteArrayList(std::begin(fields), std::end(fields)).join(',') + '\n');
            }
        }
    }
}

} // namespace kappascope::ui
