// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QLabel>

namespace kappascope::ui {

/// The line above a page of the inspector: the run's name in its colour, then facts. What does not fit is cut
/// off. GUI thread only.
class PageCaption : public QLabel {
    Q_OBJECT
public:
    explicit PageCaption(QWidget* parent = nullptr);

    void setRun(const QString& name, const QColor& color);
    void setFacts(const QStringList& facts);

private:
    void show();

    QString name_;
    QColor color_;
    QStringList facts_;
};

} // namespace kappascope::ui
