// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/curve.h"
#include "ui/plots/value_range.h"
#include "ui/widgets/card.h"

#include <memory>

namespace kappascope::ui {

class PlotCanvas;
class PlotTitle;
struct FigureContent;

/// One plot of the window: a metric of all shown runs over the training. Reads histories for what is visible
/// at the resolution of its pixels, when told that something changed, and not while it is hidden.
class MetricPlot : public Card {
    Q_OBJECT
public:
    MetricPlot(const PlotSpec& spec, PlotViewState& view, QWidget* parent = nullptr);
    ~MetricPlot() override;

    const PlotSpec& spec() const { return spec_; }
    PlotCanvas& canvas() const { return *canvas_; }
    PlotViewState& view() const { return view_; }
    const PlotScene& scene() const { return *scene_; }

    /// What there is to draw now. Reads and replots, once, if anything visible differs.
    void setScene(std::shared_ptr<const PlotScene> scene);
    /// Milliseconds that the last refresh took with its painting: for the panel's frame budget.
    double cost() const;

    int layer() const { return layer_; }
    void setLayer(int layer);
    /// Layers that there is something to show of, SeriesKey::wholeNetwork included.
    std::vector<int> layersWithData() const;
    bool isLogarithmic() const { return logarithmic_; }
    void setLogarithmic(bool on);
    /// Fixes the y axis, as a zoom does; until fitVertically().
    void setValueRange(double low, double high);
    bool isZoomed() const;
    void fit();
    void fitVertically();

    /// As it is seen, for figures.
    FigureContent figure() const;

signals:
    void activated(); ///< the mouse is on it: keys mean this plot
    void removeAsked();
    void splitAsked();                                      ///< each quantity into a plot of its own
    void quantityDropped(std::string key, QWidget* handle); ///< `handle`: where it was taken from
    void runDropped(int run);
    void layoutChanged(); ///< layer or scale: worth remembering

protected:
    void showEvent(QShowEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    struct Seen; // what the picture was made from
    Seen look() const;
    void refresh(bool force);
    bool extend(const Seen& seen);
    void showRange(const Seen& seen);
    void showCursor();
    void showNotice();
    QString whyNothingIsMeasured() const;
    void dress();
    void connectGestures();
    std::int64_t stepAt(const QPointF& pixel) const;
    void zoomBy(QPointF at, double factor, Qt::Orientations axes);
    void panBy(QPointF by);
    void zoomToBox(const QRectF& box);
    void fillLayerMenu(QMenu* menu);
    void chooseLayer(); ///< the one that is wanted, or another as long as that has no data
    bool wantedIsMissing() const;
    void tellLayer(int wanted);

    PlotSpec spec_;
    PlotViewState& view_;
    PlotTitle* title_;
    PlotCanvas* canvas_;
    std::shared_ptr<const PlotScene> scene_;
    std::unique_ptr<Seen> seen_;
    ValueRange range_;
    int layer_ = SeriesKey::wholeNetwork;
    int wanted_ = SeriesKey::wholeNetwork; ///< layer_ is another as long as this one has no data
    int told_ = SeriesKey::wholeNetwork;   ///< what the title says is wanted
    bool logarithmic_ = false, valuesFixed_ = false, hovered_ = false;
    double readMs_ = 0;
    bool extended_ = false; ///< by the last refresh, which did without another picture
};

} // namespace kappascope::ui
