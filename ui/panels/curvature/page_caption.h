// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QStringList>
#include <QWidget>
#include <cstdint>

namespace kappascope::ui {

/// The line above a page of the inspector: the run's name in its colour, the step of the reading and its age,
/// then facts. What does not fit is cut off. Painted by itself: the age changes with every frame, and a label
/// with a text of two colours had the page laid out anew each time, a sixth of what the window's thread did.
/// GUI thread only.
class PageCaption : public QWidget {
    Q_OBJECT
public:
    explicit PageCaption(QWidget* parent = nullptr);

    void setRun(const QString& name, const QColor& color);
    /// `step`: that was measured; -1: none. What is said of one is new: its age is 0.
    void setFacts(std::int64_t step, const QStringList& facts);
    /// Steps that the run has done since.
    void setAge(std::int64_t steps);
    /// What stands behind the name.
    QString text() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {1, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QFont nameFont() const;

    QString name_;
    QColor color_;
    QStringList facts_;
    std::int64_t step_ = -1, age_ = 0;
};

} // namespace kappascope::ui
