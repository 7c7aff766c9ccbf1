// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/rate_comparison.h"

#include <QWidget>
#include <memory>

class QBoxLayout;

namespace kappascope::ui {

class ConditioningTable;
class ConditioningView;
class PageCaption;

/// The conditioning of each layer's inputs, with rates and alignment beside it (below it where there is
/// little room). Of the readings that it is given; knows no session. GUI thread only.
class ConditioningPage : public QWidget {
    Q_OBJECT
public:
    explicit ConditioningPage(QWidget* parent = nullptr);

    /// Null: nothing was measured yet. The losses are those of the whole training set, steps ascending.
    void setReading(std::shared_ptr<const CurvatureReading> reading, std::span<const std::int64_t> steps,
                    std::span<const double> losses);
    void setRun(const QString& name, const QColor& color);
    void setHint(const QString& hint);

    ConditioningView* view() const { return view_; }
    ConditioningTable* table() const { return table_; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    PageCaption* caption_;
    QBoxLayout* body_;
    ConditioningView* view_;
    ConditioningTable* table_;
};

} // namespace kappascope::ui
