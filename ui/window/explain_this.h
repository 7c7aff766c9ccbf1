// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace kappascope::ui {

/// "Explain this" (Shift+F1): what is clicked tells what its tool tip tells. GUI thread only.
class ExplainThis : public QObject {
    Q_OBJECT
public:
    explicit ExplainThis(QObject* parent = nullptr);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
};

} // namespace kappascope::ui
