// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <cstdint>
#include <string>
#include <vector>

class QGridLayout;
class QLabel;

namespace kappascope {
class History;
struct RunStatus;
} // namespace kappascope

namespace kappascope::ui {

class NumberLabel;

/// The newest numbers of a run: loss and accuracy over the training set and, quietly, the test set; gradient
/// norm; the first layer's condition number with its trend and the preconditioner's gain. Each tells its
/// definition on hover. GUI thread only.
class RunReadouts : public QWidget {
    Q_OBJECT
public:
    explicit RunReadouts(QWidget* parent = nullptr);

    /// `name` is the run's, for the object names of the numbers: "run-NAME-loss".
    void setRunName(const QString& name);
    void setRunColor(const QColor& color);
    /// Reads the newest finite values; null shows dashes. Of a network that has been evaluated as it stands
    /// `status` has newer ones. What is more than one measuring interval, of `evaluateEvery` steps, behind
    /// the run's newest measurement, or of the first half of the steps, stands in the quiet colour.
    void refresh(const History* history, std::int64_t evaluateEvery, const RunStatus* status = nullptr);
    /// Without accuracies (regression), without test values (nothing held out).
    void setShown(bool accuracies, bool tests);
    /// Height of the numbers as they stand at this width.
    int heightFor(int width) const;
    /// What stands to the left above the numbers: a control of the picture above.
    void setCaption(QWidget* caption);
    /// The width that it may have when all have `width`.
    int captionRoom(int width) const;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Number {
        std::string metric,
            otherwise; ///< keys in the probe catalog; the second where the first is not measured
        QString name;  ///< in object names
        enum class Format { Number, Share, Kappa, Gain } format = Format::Number;
        bool quiet = false;
        int layer = -1; ///< dense layer; -1: the whole network
        NumberLabel* label = nullptr;
        std::int64_t step = -1; ///< of what is shown
        bool stale = false;
        double value = qQNaN(); ///< what is shown
        std::string shown = {}; ///< metric
    };
    struct Words {
        QString full, brief;
    };
    struct Row {
        Words words;
        NumberLabel* head = nullptr;
        QLabel* testHead = nullptr; ///< beside the test value in a line of its own
        Number train, test;         ///< test.label null for what has only one value
        bool gain = false;          ///< the second value is not of the test set
    };

    enum class Layout { Wide, Short, Narrow };
    /// How the numbers stand at a width, and the widest text that has room there.
    struct Fit {
        Layout layout;
        QString widest;
        bool operator==(const Fit&) const = default;
    };
    static Fit fitFor(int width);
    void addRow(const Words& words, const char* name, const char* train, const char* otherwise,
                const char* test, bool share);
    void addConditionNumber();
    void showTrend(const History* history);
    void nameRow(Row& row);
    bool standsAlone(const Row& row) const;
    NumberLabel* addNumber(bool quiet);
    template<class Act>
    void forEachNumber(Act act);
    void arrange();
    void write(const Number& number);
    struct Source;
    void show(Number& number, const Source& source);
    void restyle();

    QGridLayout* grid_;
    QLabel *trainHead_, *testHead_;
    QWidget* caption_ = nullptr;
    std::vector<Row> rows_;
    bool accuracies_ = true, tests_ = true;
    QString arrow_;
    Fit fit_;
};

/// Label, definition and unit of a number as the probe catalog tells them, for a tooltip.
QString definitionOf(const std::string& metric);

} // namespace kappascope::ui
