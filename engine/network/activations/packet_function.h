// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Core>

namespace kappascope {

/// A function of one number for Array::unaryExpr, written once over SIMD packets: Function has
///     template<class P> P operator()(const P& x) const
/// with Eigen's packet operations. Elements left over at an array's end go through a packet as well, so that
/// a number gives the same bits wherever it stands.
template<class S, class Function>
struct PacketFunction {
    template<class P>
    P packetOp(const P& x) const {
        return function(x);
    }
    S operator()(const S& x) const {
        using Packet = typename Eigen::internal::packet_traits<S>::type;
        return Eigen::internal::pfirst(function(Eigen::internal::pset1<Packet>(x)));
    }
    [[no_unique_address]] Function function;
};

/// Horner's rule: c[0] x^(n-1) + ... + c[n-1].
template<class P, std::size_t N>
P polynomial(const P& x, const double (&c)[N]) {
    using Scalar = typename Eigen::internal::unpacket_traits<P>::type;
    P sum = Eigen::internal::pset1<P>(static_cast<Scalar>(c[0]));
    for (std::size_t i = 1; i < N; ++i)
        sum = Eigen::internal::pmadd(sum, x, Eigen::internal::pset1<P>(static_cast<Scalar>(c[i])));
    return sum;
}

} // namespace kappascope

namespace Eigen::internal {

template<class S, class Function>
struct functor_traits<kappascope::PacketFunction<S, Function>> {
    enum { Cost = 20 * NumTraits<S>::MulCost, PacketAccess = packet_traits<S>::HasExp };
};

} // namespace Eigen::internal
